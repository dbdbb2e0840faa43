/* libtdtp: tables in TDTP files, for programs in C and, through their foreign function interface, in any other language.
 *
 * J_* functions take and return JSON in UTF-8. What they return must be given to J_FreeString; on failure it is
 * {"error":"...","error_code":"..."}. D_* functions fill structures; they return 0, or 1 with the message in the packet's
 * `error`. Packets that they fill must be given to D_FreePacket; packets passed in stay the caller's. A NULL argument is
 * an error. All functions may be called from several threads at once.
 *
 * The environment may lower or raise the limits: TDTP_MAX_FILE_BYTES, TDTP_MAX_DECOMPRESSED_BYTES, TDTP_MAX_DEPTH. */
#ifndef PACKHOUSE_LIBTDTP_H
#define PACKHOUSE_LIBTDTP_H

#ifdef __cplusplus
extern "C" {
#endif

/* One column. Texts end with a zero byte. */
typedef struct {
  char name[256];
  char type_name[64]; /* INTEGER, TEXT, BLOB, ... */
  int length;
  int precision;
  int scale;
  int is_key;      /* 1: part of the key */
  int is_readonly; /* 1: not to be changed */
} D_Field;

typedef struct {
  D_Field* fields;
  int field_count;
} D_Schema;

typedef struct {
  char** values;
  int value_count;
} D_Row;

/* A table. */
typedef struct {
  D_Row* rows;
  int row_count;
  D_Schema schema;
  char msg_type[32];
  char table_name[256];
  char message_id[64];
  long long timestamp_unix; /* seconds; 0 when writing: now */
  char compression[16];     /* "" or "zstd" */
  char error[1024];         /* filled when a function returns 1 */
} D_Packet;

/* A condition on one field. */
typedef struct {
  char field[256];
  char op[32]; /* = != < <= > >= LIKE IN BETWEEN IS NULL IS NOT NULL, or eq ne lt lte gt gte like in between ... */
  char value[1024];
  char value2[1024]; /* BETWEEN: the upper bound */
} D_FilterSpec;

/* What to mask. */
typedef struct {
  char** fields;
  int field_count;
  char mask_char[4];  /* one character, "*" if empty */
  int visible_chars;  /* characters at the right that stay */
} D_MaskConfig;

void J_FreeString(char* ptr);
char* J_GetVersion(void);
char* J_ReadFile(const char* path);
char* J_WriteFile(const char* dataJSON, const char* path);
char* J_ExportAll(const char* dataJSON, const char* basePath, const char* optionsJSON);
char* J_FilterRows(const char* dataJSON, const char* whereClause, int limit);
char* J_FilterRowsPage(const char* dataJSON, const char* whereClause, int limit, int offset);
char* J_ApplyProcessor(const char* dataJSON, const char* procType, const char* configJSON);
char* J_ApplyChain(const char* dataJSON, const char* chainJSON);
char* J_Diff(const char* oldJSON, const char* newJSON);
char* J_SerializeValue(const char* tdtpType, const char* value);

int D_ReadFile(const char* path, D_Packet* out);
int D_WriteFile(D_Packet* pkt, const char* path);
int D_FilterRows(D_Packet* pkt, D_FilterSpec* filters, int count, int limit, D_Packet* out);
int D_ApplyMask(D_Packet* pkt, D_MaskConfig* cfg, D_Packet* out);
int D_ApplyCompress(D_Packet* pkt, int level, D_Packet* out);
int D_ApplyDecompress(D_Packet* pkt, D_Packet* out);
void D_FreePacket(D_Packet* pkt);
void D_FreeMaskConfig(D_MaskConfig* cfg);

#ifdef __cplusplus
}
#endif

#endif
