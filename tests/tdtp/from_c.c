/* The library from C: what its header promises, with structures that C made. Argument: the folder with the vectors. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libtdtp.h"

static int failures = 0;

#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) {                                               \
      printf("line %d: %s\n", __LINE__, #condition);                  \
      ++failures;                                                     \
    }                                                                 \
  } while (0)

static void check_layout(void) {
  CHECK(sizeof(D_Field) == 340 && offsetof(D_Field, type_name) == 256 && offsetof(D_Field, is_readonly) == 336);
  CHECK(sizeof(D_Schema) == 16 && sizeof(D_Row) == 16);
  CHECK(sizeof(D_Packet) == 1432 && offsetof(D_Packet, schema) == 16 && offsetof(D_Packet, msg_type) == 32);
  CHECK(offsetof(D_Packet, table_name) == 64 && offsetof(D_Packet, message_id) == 320 && offsetof(D_Packet, timestamp_unix) == 384);
  CHECK(offsetof(D_Packet, compression) == 392 && offsetof(D_Packet, error) == 408);
  CHECK(sizeof(D_FilterSpec) == 2336 && offsetof(D_FilterSpec, value2) == 1312);
  CHECK(sizeof(D_MaskConfig) == 24 && offsetof(D_MaskConfig, mask_char) == 12 && offsetof(D_MaskConfig, visible_chars) == 16);
}

static void check_json(void) {
  char* version = J_GetVersion();
  CHECK(strcmp(version, "1.6.0") == 0);
  J_FreeString(version);
  char* value = J_SerializeValue("BLOB", "deadbeef");
  CHECK(strcmp(value, "{\"value\":\"3q2+7w==\"}") == 0);
  J_FreeString(value);
  value = J_SerializeValue(NULL, "x");
  CHECK(strstr(value, "\"error\"") != NULL);
  J_FreeString(value);
  J_FreeString(NULL);
}

static void check_read(const char* folder) {
  char path[4096];
  snprintf(path, sizeof path, "%s/tdtp-files-open/users_z.tdtp.xml", folder);
  D_Packet packet;
  memset(&packet, 0, sizeof packet);
  CHECK(D_ReadFile(path, &packet) == 0);
  CHECK(packet.row_count == 6 && packet.schema.field_count == 10);
  CHECK(strcmp(packet.rows[1].values[1], "Bob") == 0);

  D_FilterSpec filter;
  memset(&filter, 0, sizeof filter);
  strcpy(filter.field, "Balance");
  strcpy(filter.op, "BETWEEN");
  strcpy(filter.value, "999");
  strcpy(filter.value2, "1600");
  D_Packet out;
  memset(&out, 0, sizeof out);
  CHECK(D_FilterRows(&packet, &filter, 1, 0, &out) == 0);
  CHECK(out.row_count == 3);
  D_FreePacket(&out);
  CHECK(out.rows == NULL && out.schema.fields == NULL && out.row_count == 3);
  D_FreePacket(&out);
  D_FreePacket(&packet);
}

/* A packet that C made stays C's: D_FreePacket on it lets go of the pointers and frees nothing. */
static void check_foreign(void) {
  char* values[] = {"1", NULL};
  D_Row row = {values, 2};
  D_Field fields[2];
  memset(fields, 0, sizeof fields);
  memset(fields[0].name, 'n', sizeof fields[0].name); /* no zero byte at the end */
  strcpy(fields[0].type_name, "INTEGER");
  strcpy(fields[1].name, "Note");
  strcpy(fields[1].type_name, "TEXT");
  D_Packet packet;
  memset(&packet, 0, sizeof packet);
  packet.rows = &row;
  packet.row_count = 1;
  packet.schema.fields = fields;
  packet.schema.field_count = 2;
  D_Packet out;
  memset(&out, 0, sizeof out);
  CHECK(D_FilterRows(&packet, NULL, 0, 0, &out) == 0);
  CHECK(out.row_count == 1 && strcmp(out.rows[0].values[1], "") == 0);
  D_FreePacket(&out);
  char* names[] = {"Note"};
  D_MaskConfig mask = {names, 1, "", -1};
  CHECK(D_ApplyMask(&packet, &mask, &out) == 1);
  CHECK(strstr(out.error, "negative") != NULL);
  D_FreePacket(&packet);
  CHECK(packet.rows == NULL);
}

int main(int argc, char** argv) {
  check_layout();
  check_json();
  if (argc > 1) check_read(argv[1]);
  check_foreign();
  printf("%d failures\n", failures);
  return failures != 0;
}
