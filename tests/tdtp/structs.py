"""The structures of the direct functions for ctypes, and a loaded library."""
import ctypes
import os


class D_Field(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char * 256), ("type_name", ctypes.c_char * 64), ("length", ctypes.c_int), ("precision", ctypes.c_int),
                ("scale", ctypes.c_int), ("is_key", ctypes.c_int), ("is_readonly", ctypes.c_int)]


class D_Schema(ctypes.Structure):
    _fields_ = [("fields", ctypes.POINTER(D_Field)), ("field_count", ctypes.c_int)]


class D_Row(ctypes.Structure):
    _fields_ = [("values", ctypes.POINTER(ctypes.c_char_p)), ("value_count", ctypes.c_int)]


class D_Packet(ctypes.Structure):
    _fields_ = [("rows", ctypes.POINTER(D_Row)), ("row_count", ctypes.c_int), ("schema", D_Schema), ("msg_type", ctypes.c_char * 32),
                ("table_name", ctypes.c_char * 256), ("message_id", ctypes.c_char * 64), ("timestamp_unix", ctypes.c_longlong),
                ("compression", ctypes.c_char * 16), ("error", ctypes.c_char * 1024)]


class D_FilterSpec(ctypes.Structure):
    # ubyte, because the document's sample assigns to slices, which c_char arrays don't allow.
    _fields_ = [("field", ctypes.c_ubyte * 256), ("op", ctypes.c_ubyte * 32), ("value", ctypes.c_ubyte * 1024), ("value2", ctypes.c_ubyte * 1024)]


class D_MaskConfig(ctypes.Structure):
    _fields_ = [("fields", ctypes.POINTER(ctypes.c_char_p)), ("field_count", ctypes.c_int), ("mask_char", ctypes.c_char * 4),
                ("visible_chars", ctypes.c_int)]


lib = ctypes.CDLL(os.environ["LIBTDTP"])
for name, arguments in {"ReadFile": 1, "WriteFile": 2, "ExportAll": 3, "ApplyProcessor": 3, "ApplyChain": 2, "Diff": 2, "SerializeValue": 2, "GetVersion": 0}.items():
    function = getattr(lib, "J_" + name)
    function.argtypes = [ctypes.c_char_p] * arguments
    function.restype = ctypes.c_void_p
lib.J_FilterRows.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int]
lib.J_FilterRowsPage.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_int]
lib.J_FilterRows.restype = lib.J_FilterRowsPage.restype = ctypes.c_void_p
lib.J_FreeString.argtypes = [ctypes.c_void_p]
lib.J_FreeString.restype = None
P = ctypes.POINTER(D_Packet)
lib.D_ReadFile.argtypes = [ctypes.c_char_p, P]
lib.D_WriteFile.argtypes = [P, ctypes.c_char_p]
lib.D_FilterRows.argtypes = [P, ctypes.POINTER(D_FilterSpec), ctypes.c_int, ctypes.c_int, P]
lib.D_ApplyMask.argtypes = [P, ctypes.POINTER(D_MaskConfig), P]
lib.D_ApplyCompress.argtypes = [P, ctypes.c_int, P]
lib.D_ApplyDecompress.argtypes = [P, P]
lib.D_FreePacket.argtypes = [P]
lib.D_FreePacket.restype = None
lib.D_FreeMaskConfig.argtypes = [ctypes.POINTER(D_MaskConfig)]
lib.D_FreeMaskConfig.restype = None
