set(PACKHOUSE_STORAGE_FULLTEXT
  fulltext/change.cpp fulltext/delta.cpp fulltext/document.cpp fulltext/layout.cpp fulltext/posting_list.cpp fulltext/scorers.cpp
  fulltext/search.cpp fulltext/terms.cpp fulltext/weigh.cpp fulltext/write.cpp)
