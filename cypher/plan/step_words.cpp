#include "cypher/plan/step_words.hpp"

#include <algorithm>

#include "cypher/plan/expressions.hpp"
#include "cypher/procedures/registry.hpp"

namespace packhouse::cypher::plan {
namespace {

struct Words {
  const ast::Statement& statement;

  std::string name(Slot s) const {
    if (s < statement.slots.size() && !statement.slots[s].empty()) return std::string(statement.slots[s]);
    return "anon_" + std::to_string(s);
  }
  std::string text(const ast::Expr* e) const { return e ? describe(*e, statement.text) : ""; }
  template <class T, class F>
  static std::string join(const T& items, std::string_view between, F&& f) {
    std::string out;
    for (const auto& x : items) {
      if (!out.empty()) out += between;
      out += f(x);
    }
    return out;
  }
  std::string names(const Slots& s) const {
    return join(s, ", ", [&](Slot x) { return name(x); });
  }
  std::string texts(const std::vector<const ast::Expr*>& es, std::string_view between = ", ") const {
    return join(es, between, [&](const ast::Expr* e) { return text(e); });
  }
  std::string arrow(Slot from, Slot rel, Slot to, ast::Direction d, const ast::LabelExpr* types, const std::string& length = "") const {
    std::string middle = name(rel).starts_with("anon_") ? "" : name(rel);
    if (types) middle += ':' + describe(types);
    middle += length;
    return '(' + name(from) + (d == ast::Direction::in ? ")<-[" : ")-[") + middle + (d == ast::Direction::out ? "]->(" : "]-(") + name(to) + ')';
  }
  static std::string range(std::uint32_t min, std::uint32_t max) {
    const bool open = max == ~std::uint32_t{0};
    return '*' + std::to_string(min) + ".." + (open ? "" : std::to_string(max));
  }

  StepWords operator()(const Once&) const { return {"EmptyRow", ""}; }
  StepWords operator()(const Argument& s) const { return {"Argument", names(s.slots)}; }
  StepWords operator()(const AllNodesScan& s) const { return {"AllNodesScan", name(s.node)}; }
  StepWords operator()(const LabelScan& s) const { return {"NodeByLabelScan", name(s.node) + ':' + std::string(s.label)}; }
  StepWords operator()(const NodeById& s) const {
    return {s.element_id ? "NodeByElementIdSeek" : "NodeByIdSeek",
            name(s.node) + " WHERE " + (s.element_id ? "elementId(" : "id(") + name(s.node) + ") " + (s.many ? "IN " : "= ") + text(s.id)};
  }
  StepWords operator()(const RelationshipById& s) const {
    const std::string kind = s.direction == ast::Direction::both ? "Undirected" : "Directed";
    return {kind + (s.element_id ? "RelationshipByElementIdSeek" : "RelationshipByIdSeek"),
            arrow(s.from, s.rel, s.to, s.direction, nullptr) + " WHERE id " + (s.many ? "IN " : "= ") + text(s.id)};
  }
  StepWords operator()(const IndexSeek& s) const {
    std::string where;
    const auto also = [&](const std::string& x) { where += (where.empty() ? "" : " AND ") + x; };
    std::size_t k = 0;
    for (; k < s.equal.size(); ++k) also(std::string(s.keys[k]) + " = " + text(s.equal[k]));
    const std::string key = k < s.keys.size() ? std::string(s.keys[k]) : "";
    if (s.any_of) also(key + " IN " + text(s.any_of));
    if (s.low.value) also(key + (s.low.inclusive ? " >= " : " > ") + text(s.low.value));
    if (s.high.value) also(key + (s.high.inclusive ? " <= " : " < ") + text(s.high.value));
    if (s.prefix) also(key + " STARTS WITH " + text(s.prefix));
    const bool by_range = s.low.value || s.high.value || s.prefix;
    return {std::string(s.unique ? "NodeUniqueIndexSeek" : "NodeIndexSeek") + (by_range ? "ByRange" : ""),
            (s.unique ? "UNIQUE " : "RANGE INDEX ") + name(s.node) + ':' + std::string(s.label) + '(' +
                join(s.keys, ", ", [](std::string_view x) { return std::string(x); }) + ") WHERE " + where};
  }
  StepWords operator()(const RelationshipScan& s) const {
    const std::string kind = s.direction == ast::Direction::both ? "Undirected" : "Directed";
    std::vector<std::string_view> types;
    const bool plain = s.types && plain_names(s.types, ast::LabelExpr::Form::or_, types) && types.size() == 1;
    return {kind + (plain ? "RelationshipTypeScan" : s.types ? "UnionRelationshipTypesScan" : "AllRelationshipsScan"),
            arrow(s.from, s.rel, s.to, s.direction, s.types)};
  }
  StepWords operator()(const Expand& s) const {
    return {s.into ? "Expand(Into)" : "Expand(All)", arrow(s.from, s.rel, s.to, s.direction, s.types)};
  }
  StepWords operator()(const VarLengthExpand& s) const {
    return {s.into ? "VarLengthExpand(Into)" : "VarLengthExpand(All)", arrow(s.from, s.rel, s.to, s.direction, s.types, range(s.min, s.max))};
  }
  StepWords operator()(const Endpoints& s) const { return {"ProjectEndpoints", arrow(s.from, s.rel, s.to, s.direction, s.types)}; }
  StepWords operator()(const ShortestPath& s) const {
    return {"ShortestPath", std::string(s.all ? "allShortestPaths(" : "shortestPath(") + arrow(s.from, s.rel, s.to, s.direction, s.types, range(s.min, s.max)) + ')'};
  }
  StepWords operator()(const BuildPath& s) const {
    std::string path = '(' + name(s.start) + ')';
    for (const auto& p : s.parts) path += "-[" + name(p.rel) + (p.list ? "*" : "") + "]-(" + name(p.node) + ')';
    return {"Projection", path + " AS " + name(s.path)};
  }
  StepWords operator()(const Filter& s) const { return {"Filter", texts(s.predicates, " AND ")}; }
  StepWords operator()(const LabelFilter& s) const {
    return {"Filter", join(s.labels, " AND ", [&](std::string_view l) { return name(s.node) + ':' + std::string(l); })};
  }
  StepWords operator()(const NotNull& s) const { return {"Filter", name(s.slot) + " IS NOT NULL"}; }
  StepWords operator()(const Project& s) const {
    return {"Projection", join(s.items, ", ", [&](const ProjectItem& i) { return item(i); })};
  }
  std::string item(const ProjectItem& i) const {
    const std::string value = text(i.value), as = name(i.slot);
    return value == as ? value : value + " AS " + as;
  }
  StepWords operator()(const Aggregate& s) const {
    std::string details = join(s.keys, ", ", [&](const ProjectItem& i) { return item(i); });
    for (const auto& c : s.calls) details += (details.empty() ? "" : ", ") + text(c.call);
    return {"EagerAggregation", details};
  }
  StepWords operator()(const Distinct& s) const { return {"Distinct", names(s.slots)}; }
  template <class T>
  std::string keys(const T& s) const {
    return join(s.keys, ", ", [&](const ast::SortKey& k) { return text(k.value) + (k.descending ? " DESC" : " ASC"); });
  }
  StepWords operator()(const Sort& s) const { return {"Sort", keys(s)}; }
  StepWords operator()(const TopK& s) const {
    return {"Top", keys(s) + (s.skip ? " SKIP " + text(s.skip) : "") + " LIMIT " + text(s.limit)};
  }
  StepWords operator()(const Skip& s) const { return {"Skip", text(s.count)}; }
  StepWords operator()(const Limit& s) const { return {"Limit", text(s.count)}; }
  StepWords operator()(const Unwind& s) const { return {"Unwind", text(s.list) + " AS " + name(s.slot)}; }
  StepWords operator()(const LoadCsv& s) const { return {"LoadCSV", text(s.url) + " AS " + name(s.slot)}; }
  StepWords operator()(const Eager&) const { return {"Eager", ""}; }
  StepWords operator()(const CountFromStore& s) const {
    const std::string of = join(s.names, "|", [](std::string_view x) { return std::string(x); });
    const std::string to = " AS " + names(s.slots);
    if (!s.relationships) return {"NodeCountFromCountStore", "count( (" + (of.empty() ? "" : ':' + of) + ") )" + to};
    return {"RelationshipCountFromCountStore", "count( ()-[" + (of.empty() ? "" : ':' + of) + "]->() )" + to};
  }
  StepWords operator()(const Union&) const { return {"Union", ""}; }
  StepWords operator()(const Apply&) const { return {"Apply", ""}; }
  StepWords operator()(const OptionalApply&) const { return {"Apply", ""}; }
  StepWords operator()(const HashJoin& s) const { return {"ValueHashJoin", text(s.outer_key) + " = " + text(s.inner_key)}; }
  StepWords operator()(const UnitSubquery&) const { return {"SubqueryForeach", ""}; }
  StepWords operator()(const TransactionApply& s) const {
    return {s.returns ? "TransactionApply" : "TransactionForeach", "IN TRANSACTIONS OF " + (s.rows ? text(s.rows) : "1000") + " ROWS"};
  }
  StepWords operator()(const Foreach& s) const { return {"Foreach", name(s.slot) + " IN " + text(s.list)}; }

  std::string created(const Create& s) const {
    std::string out = join(s.nodes, ", ", [&](const NewNode& n) {
      return '(' + name(n.slot) + (n.labels ? ':' + describe(n.labels) : "") + (n.properties ? ' ' + text(n.properties) : "") + ')';
    });
    for (const auto& r : s.relationships) {
      out += (out.empty() ? "" : ", ") + arrow(r.start, r.slot, r.end, ast::Direction::out, r.type, r.properties ? ' ' + text(r.properties) : "");
    }
    return out;
  }
  StepWords operator()(const Create& s) const { return {"Create", created(s)}; }
  StepWords operator()(const Merge& s) const { return {"Merge", created(s.create)}; }
  StepWords operator()(const SetItems& s) const {
    const bool labels = std::all_of(s.items.begin(), s.items.end(), [](const auto* i) { return i->form == ast::SetItem::Form::labels; });
    const bool single = s.items.size() == 1;
    const auto form = s.items.empty() ? ast::SetItem::Form::property : s.items[0]->form;
    const bool map = form == ast::SetItem::Form::replace || form == ast::SetItem::Form::merge;
    return {labels ? "SetLabels" : !single ? "SetProperties" : map ? "SetPropertiesFromMap" : "SetProperty",
            join(s.items, ", ", [&](const ast::SetItem* i) {
              std::string out = text(i->target);
              for (const auto* l : i->labels) out += ':' + describe(l);
              if (i->value) out += (i->form == ast::SetItem::Form::merge ? " += " : " = ") + text(i->value);
              return out;
            })};
  }
  StepWords operator()(const RemoveItems& s) const {
    const bool labels = std::all_of(s.items.begin(), s.items.end(), [](const auto* i) { return !i->labels.empty(); });
    return {labels ? "RemoveLabels" : "SetProperty", join(s.items, ", ", [&](const ast::RemoveItem* i) {
              std::string out = text(i->target);
              for (const auto* l : i->labels) out += ':' + describe(l);
              return i->labels.empty() ? out + " = NULL" : out;
            })};
  }
  StepWords operator()(const Delete& s) const { return {s.detach ? "DetachDelete" : "Delete", texts(s.items)}; }
  StepWords operator()(const ProcedureCall& s) const {
    return {"ProcedureCall", s.procedure->name + '(' + texts(s.arguments) + ')' +
                                 (s.yields.empty() ? "" : " :: (" + join(s.yields, ", ", [&](const auto& y) { return name(y.second); }) + ')')};
  }
  StepWords operator()(const Result& s) const {
    if (s.columns.empty()) return {"EmptyResult", ""};
    return {"ProduceResults", join(s.columns, ", ", [](const auto& c) { return std::string(c.first); })};
  }
};

}  // namespace

StepWords words_of(const Step& step, const ast::Statement& statement) { return std::visit(Words{statement}, step); }

}  // namespace packhouse::cypher::plan
