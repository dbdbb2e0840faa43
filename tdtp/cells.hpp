#pragma once
#include <string>
#include <string_view>

#include "tdtp/rows.hpp"

// How a row becomes one text: cells joined by |, in them \ | and line feeds as \\ \| \n (decision T10).
namespace packhouse::tdtp {

/// Adds one row: the cells of `text`, which must live as long as the rows. Never fails: a \ before anything
/// else stands for that character, a \ at the end for itself. There is always at least one cell.
void split_row(std::string_view text, Rows& rows);

/// Appends the joined row.
void join_row(Rows::Row row, std::string& out);

}  // namespace packhouse::tdtp
