#pragma once
#include "cypher/exec/build.hpp"

namespace packhouse::cypher {

// One maker a plan step; each is defined in the operator's own file in exec/operators/.
#define PACKHOUSE_STEP(name) OperatorPtr make_operator(const plan::name& step, const plan::Node& node, Builder& b)
PACKHOUSE_STEP(Once);
PACKHOUSE_STEP(Argument);
PACKHOUSE_STEP(AllNodesScan);
PACKHOUSE_STEP(LabelScan);
PACKHOUSE_STEP(NodeById);
PACKHOUSE_STEP(RelationshipById);
PACKHOUSE_STEP(IndexSeek);
PACKHOUSE_STEP(RelationshipScan);
PACKHOUSE_STEP(Expand);
PACKHOUSE_STEP(VarLengthExpand);
PACKHOUSE_STEP(Endpoints);
PACKHOUSE_STEP(ShortestPath);
PACKHOUSE_STEP(BuildPath);
PACKHOUSE_STEP(Filter);
PACKHOUSE_STEP(LabelFilter);
PACKHOUSE_STEP(NotNull);
PACKHOUSE_STEP(Project);
PACKHOUSE_STEP(Aggregate);
PACKHOUSE_STEP(Distinct);
PACKHOUSE_STEP(Sort);
PACKHOUSE_STEP(TopK);
PACKHOUSE_STEP(Skip);
PACKHOUSE_STEP(Limit);
PACKHOUSE_STEP(Unwind);
PACKHOUSE_STEP(LoadCsv);
PACKHOUSE_STEP(Eager);
PACKHOUSE_STEP(CountFromStore);
PACKHOUSE_STEP(Union);
PACKHOUSE_STEP(Apply);
PACKHOUSE_STEP(OptionalApply);
PACKHOUSE_STEP(HashJoin);
PACKHOUSE_STEP(UnitSubquery);
PACKHOUSE_STEP(Foreach);
PACKHOUSE_STEP(TransactionApply);
PACKHOUSE_STEP(Create);
PACKHOUSE_STEP(Merge);
PACKHOUSE_STEP(SetItems);
PACKHOUSE_STEP(RemoveItems);
PACKHOUSE_STEP(Delete);
PACKHOUSE_STEP(ProcedureCall);
PACKHOUSE_STEP(Result);
#undef PACKHOUSE_STEP

}  // namespace packhouse::cypher
