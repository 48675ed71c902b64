/*
 * A software SKF token (GM/T 0016) over OpenSSL's libcrypto, for the simulated station and for tests. It counts wrong
 * PINs and locks, and it misbehaves when told to. What is on it stands in files, read anew at every call.
 *
 * SKF_TOKEN_FOLDER names a folder with
 *   tree      lines "device NAME", "label TEXT", "serial TEXT", "application NAME", "pin PIN" (the factory's),
 *             "container NAME" and "files PREFIX" (PREFIX-sign.der, PREFIX-sign.key, PREFIX-encrypt.der), in this order;
 *             an application's number counts over the whole tree
 *   pin-N     the PIN of application N where it was changed; tries-N wrong PINs so far
 *   control   words, one a line (a device can be named after a colon: removed:NAME):
 *             removed | remove-at-verify | remove-after-verify | remove-at-sign | hang-at-list | hang-at-sign |
 *             crash-at-list | crash-at-sign | small-buffer | growing-lists | no-applications | no-containers |
 *             odd-at-sign | wrong-signature | logged-in
 * SKF_TOKEN_TRIES   tries before it locks, default 6
 * Compiled with -DWIDE, ULONG has 8 bytes and DEVINFO other offsets, as some vendors have it.
 */
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef WIDE
typedef unsigned long ULONG;
enum { LABEL_AT = 136, SERIAL_AT = 200 };
#else
typedef uint32_t ULONG;
enum { LABEL_AT = 130, SERIAL_AT = 162 };
#endif
typedef int32_t BOOL;
typedef unsigned char BYTE;
typedef void *HANDLE;

enum {
  OK = 0,
  FAIL = 0x0A000001,
  INVALID_HANDLE = 0x0A000005,
  INVALID_PARAM = 0x0A000006,
  INDATA_LEN = 0x0A000010,
  KEY_NOT_FOUND = 0x0A00001B,
  CERT_NOT_FOUND = 0x0A00001C,
  BUFFER_TOO_SMALL = 0x0A000020,
  DEVICE_REMOVED = 0x0A000023,
  PIN_INCORRECT = 0x0A000024,
  PIN_LOCKED = 0x0A000025,
  PIN_LEN_RANGE = 0x0A000027,
  ALREADY_LOGGED_IN = 0x0A000028,
  NOT_LOGGED_IN = 0x0A00002D,
  APPLICATION_NOT_EXISTS = 0x0A00002E,
};

typedef struct {
  BYTE r[64], s[64];
} EccSignature;

/* One node of the tree: where it was found and what it belongs to. */
typedef struct {
  char device[128], label[64], serial[64], application[128], pin[64], container[128], files[256];
  int applicationNumber;
} Node;

static Node *current_login; /* the application a PIN was verified for */
static int is_cleared;      /* with "logged-in": SKF_ClearSecureState was called */

static void in_folder(char path[1024], const char *name) {
  snprintf(path, 1024, "%s/%s", getenv("SKF_TOKEN_FOLDER"), name);
}

static int has_word(const char *word, const char *device) {
  char path[1024], line[256], named[256];
  in_folder(path, "control");
  snprintf(named, sizeof named, "%s:%s", word, device);
  FILE *file = fopen(path, "r");
  int found = 0;
  while (file && !found && fgets(line, sizeof line, file)) {
    line[strcspn(line, "\r\n")] = 0;
    found = !strcmp(line, word) || !strcmp(line, named);
  }
  if (file) fclose(file);
  return found;
}

static void add_word(const char *word, const char *device) {
  char path[1024];
  in_folder(path, "control");
  FILE *file = fopen(path, "a");
  if (!file) return;
  fprintf(file, "%s:%s\n", word, device);
  fclose(file);
}

static void misbehave_at(const char *place, const char *device) {
  char word[64];
  snprintf(word, sizeof word, "crash-at-%s", place);
  if (has_word(word, device)) raise(SIGSEGV);
  snprintf(word, sizeof word, "hang-at-%s", place);
  while (has_word(word, device)) sleep(1);
}

/* Calls visit for every line once the node holds what stands above it; stops when visit answers 1. */
static void walk(int (*visit)(const Node *node, const char *kind, void *context), void *context) {
  char path[1024], line[512];
  Node node;
  memset(&node, 0, sizeof node);
  node.applicationNumber = -1;
  in_folder(path, "tree");
  FILE *file = fopen(path, "rb");
  while (file && fgets(line, sizeof line, file)) {
    line[strcspn(line, "\r\n")] = 0;
    char *value = strchr(line, ' ');
    if (!value) continue;
    *value++ = 0;
    if (!strcmp(line, "device")) snprintf(node.device, sizeof node.device, "%s", value);
    if (!strcmp(line, "label")) snprintf(node.label, sizeof node.label, "%s", value);
    if (!strcmp(line, "serial")) snprintf(node.serial, sizeof node.serial, "%s", value);
    if (!strcmp(line, "application")) {
      snprintf(node.application, sizeof node.application, "%s", value);
      node.applicationNumber++;
    }
    if (!strcmp(line, "pin")) snprintf(node.pin, sizeof node.pin, "%s", value);
    if (!strcmp(line, "container")) snprintf(node.container, sizeof node.container, "%s", value);
    if (!strcmp(line, "files")) snprintf(node.files, sizeof node.files, "%s", value);
    if (visit(&node, line, context)) break;
  }
  if (file) fclose(file);
}

typedef struct {
  const char *kind, *device, *application, *container;
  BYTE names[4096];
  size_t size;
  Node *found;
} Search;

static int matches(const Node *node, const char *kind, const Search *search) {
  return !strcmp(kind, search->kind) && (!search->device || !strcmp(search->device, node->device)) &&
         (!search->application || !strcmp(search->application, node->application)) &&
         (!search->container || !strcmp(search->container, node->container));
}

static int collect(const Node *node, const char *kind, void *context) {
  Search *search = context;
  if (!matches(node, kind, search)) return 0;
  const char *name = !strcmp(kind, "device")        ? node->device
                     : !strcmp(kind, "application") ? node->application
                                                    : node->container;
  if (!strcmp(kind, "device") && has_word("removed", name)) return 0;
  memcpy(search->names + search->size, name, strlen(name) + 1);
  search->size += strlen(name) + 1;
  return 0;
}

static int take(const Node *node, const char *kind, void *context) {
  Search *search = context;
  if (!matches(node, kind, search)) return 0;
  search->found = malloc(sizeof *node);
  *search->found = *node;
  return 1;
}

static ULONG give(const char *device, const void *bytes, size_t length, BYTE *room, ULONG *size) {
  ULONG had = *size;
  *size = length;
  if (!room) {
    if (has_word("growing-lists", device) && length > 1) *size = length - 1;
    return OK;
  }
  if (has_word("growing-lists", device)) {
    /* the second question gets the whole size, as if something had been plugged in between */
    char path[1024];
    in_folder(path, "control");
    FILE *file = fopen(path, "w");
    if (file) fclose(file);
  }
  if (has_word("small-buffer", device) || had < length) return BUFFER_TOO_SMALL;
  memcpy(room, bytes, length);
  return OK;
}

static ULONG give_names(Search *search, const char *device, BYTE *room, ULONG *size) {
  search->names[search->size++] = 0;
  return give(device, search->names, search->size, room, size);
}

static ULONG check(const Node *node) {
  if (!node) return INVALID_HANDLE;
  return has_word("removed", node->device) ? DEVICE_REMOVED : OK;
}

static ULONG open_node(Search search, ULONG missing, HANDLE *handle) {
  walk(take, &search);
  if (!search.found) return missing;
  *handle = search.found;
  return check(search.found);
}

ULONG SKF_EnumDev(BOOL present, BYTE *room, ULONG *size) {
  (void)present;
  misbehave_at("list", "");
  Search search = {.kind = "device"};
  walk(collect, &search);
  return give_names(&search, "", room, size);
}

ULONG SKF_ConnectDev(const char *name, HANDLE *device) {
  if (has_word("removed", name)) return DEVICE_REMOVED;
  return open_node((Search){.kind = "device", .device = name}, INVALID_PARAM, device);
}

ULONG SKF_DisConnectDev(HANDLE device) {
  free(device);
  return OK;
}

static int last_of_device(const Node *node, const char *kind, void *context) {
  Node *wanted = context;
  if (strcmp(node->device, wanted->device)) return 0;
  if (!strcmp(kind, "label")) memcpy(wanted->label, node->label, sizeof node->label);
  if (!strcmp(kind, "serial")) memcpy(wanted->serial, node->serial, sizeof node->serial);
  return 0;
}

ULONG SKF_GetDevInfo(HANDLE device, BYTE *info) {
  ULONG state = check(device);
  if (state) return state;
  Node *node = device;
  walk(last_of_device, node);
  memset(info, 0, 256);
  info[0] = 1;
  memcpy(info + LABEL_AT, node->label, strnlen(node->label, 32));
  memcpy(info + SERIAL_AT, node->serial, strnlen(node->serial, 32));
  return OK;
}

ULONG SKF_EnumApplication(HANDLE device, BYTE *room, ULONG *size) {
  ULONG state = check(device);
  if (state) return state;
  Node *node = device;
  Search search = {.kind = "application", .device = node->device};
  if (!has_word("no-applications", node->device)) walk(collect, &search);
  return give_names(&search, node->device, room, size);
}

ULONG SKF_OpenApplication(HANDLE device, const char *name, HANDLE *application) {
  ULONG state = check(device);
  if (state) return state;
  /* found at its pin line, so that the factory's PIN is known */
  return open_node((Search){.kind = "pin", .device = ((Node *)device)->device, .application = name},
                   APPLICATION_NOT_EXISTS, application);
}

ULONG SKF_CloseApplication(HANDLE application) {
  if (current_login == application) current_login = NULL;
  free(application);
  return OK;
}

static void read_text(const char *kind, int number, char text[64]) {
  char name[64], path[1024];
  snprintf(name, sizeof name, "%s-%d", kind, number);
  in_folder(path, name);
  FILE *file = fopen(path, "r");
  text[0] = 0;
  if (file && fgets(text, 64, file)) text[strcspn(text, "\r\n")] = 0;
  if (file) fclose(file);
}

static void write_text(const char *kind, int number, const char *text) {
  char name[64], path[1024];
  snprintf(name, sizeof name, "%s-%d", kind, number);
  in_folder(path, name);
  FILE *file = fopen(path, "w");
  if (!file) return;
  fprintf(file, "%s\n", text);
  fclose(file);
}

static int max_tries(void) {
  const char *text = getenv("SKF_TOKEN_TRIES");
  return text ? atoi(text) : 6;
}

static int remaining_tries(const Node *node) {
  char text[64];
  read_text("tries", node->applicationNumber, text);
  int left = max_tries() - atoi(text);
  return left < 0 ? 0 : left;
}

static void read_pin(const Node *node, char pin[64]) {
  read_text("pin", node->applicationNumber, pin);
  if (!pin[0]) snprintf(pin, 64, "%s", node->pin);
}

ULONG SKF_GetPINInfo(HANDLE application, ULONG type, ULONG *max, ULONG *remaining, BOOL *is_default) {
  ULONG state = check(application);
  if (state) return state;
  if (type != 1) return INVALID_PARAM;
  Node *node = application;
  char pin[64];
  read_pin(node, pin);
  *max = max_tries();
  *remaining = remaining_tries(node);
  *is_default = !strcmp(pin, node->pin);
  return OK;
}

static ULONG check_pin(Node *node, const char *pin, ULONG *remaining) {
  char real[64], tries[64];
  int left = remaining_tries(node);
  *remaining = left;
  if (left == 0) return PIN_LOCKED;
  if (strlen(pin) < 4 || strlen(pin) > 16) return PIN_LEN_RANGE;
  read_pin(node, real);
  int is_right = !strcmp(pin, real);
  snprintf(tries, sizeof tries, "%d", is_right ? 0 : max_tries() - left + 1);
  write_text("tries", node->applicationNumber, tries);
  if (!is_right) *remaining = left - 1;
  return is_right ? OK : PIN_INCORRECT;
}

ULONG SKF_VerifyPIN(HANDLE application, ULONG type, const char *pin, ULONG *remaining) {
  Node *node = application;
  if (has_word("remove-at-verify", node->device)) add_word("removed", node->device);
  ULONG state = check(application);
  if (state) return state;
  if (type != 1) return INVALID_PARAM;
  if (has_word("logged-in", node->device) && !is_cleared) return ALREADY_LOGGED_IN;
  is_cleared = 0;
  state = check_pin(node, pin, remaining);
  current_login = state == OK ? node : NULL;
  if (has_word("remove-after-verify", node->device)) add_word("removed", node->device);
  return state;
}

ULONG SKF_ChangePIN(HANDLE application, ULONG type, const char *old, const char *new, ULONG *remaining) {
  ULONG state = check(application);
  if (state) return state;
  if (type != 1) return INVALID_PARAM;
  if (strlen(new) < 6 || strlen(new) > 16) return PIN_LEN_RANGE;
  state = check_pin(application, old, remaining);
  if (state == OK) write_text("pin", ((Node *)application)->applicationNumber, new);
  return state;
}

ULONG SKF_ClearSecureState(HANDLE application) {
  current_login = NULL;
  is_cleared = 1;
  return check(application);
}

ULONG SKF_EnumContainer(HANDLE application, BYTE *room, ULONG *size) {
  ULONG state = check(application);
  if (state) return state;
  Node *node = application;
  Search search = {.kind = "container", .device = node->device, .application = node->application};
  if (!has_word("no-containers", node->device)) walk(collect, &search);
  return give_names(&search, node->device, room, size);
}

ULONG SKF_OpenContainer(HANDLE application, const char *name, HANDLE *container) {
  ULONG state = check(application);
  if (state) return state;
  Node *node = application;
  return open_node((Search){.kind = "files",
                            .device = node->device,
                            .application = node->application,
                            .container = name},
                   INVALID_PARAM, container);
}

ULONG SKF_CloseContainer(HANDLE container) {
  free(container);
  return OK;
}

static size_t read_bytes(const Node *node, const char *ending, BYTE *room, size_t size) {
  char name[300], path[1024];
  snprintf(name, sizeof name, "%s-%s", node->files, ending);
  in_folder(path, name);
  FILE *file = fopen(path, "rb");
  size_t length = file ? fread(room, 1, size, file) : 0;
  if (file) fclose(file);
  return length;
}

ULONG SKF_ExportCertificate(HANDLE container, BOOL sign, BYTE *room, ULONG *size) {
  ULONG state = check(container);
  if (state) return state;
  BYTE der[8192];
  size_t length = read_bytes(container, sign ? "sign.der" : "encrypt.der", der, sizeof der);
  if (length == 0) return CERT_NOT_FOUND;
  return give(((Node *)container)->device, der, length, room, size);
}

static EVP_PKEY *read_key(const Node *node) {
  BYTE der[8192];
  const BYTE *at = der;
  size_t length = read_bytes(node, "sign.key", der, sizeof der);
  return length ? d2i_AutoPrivateKey(NULL, &at, (long)length) : NULL;
}

static EVP_PKEY *read_public_key(const Node *node) {
  BYTE der[8192];
  const BYTE *at = der;
  size_t length = read_bytes(node, "sign.der", der, sizeof der);
  X509 *certificate = length ? d2i_X509(NULL, &at, (long)length) : NULL;
  EVP_PKEY *key = certificate ? X509_get_pubkey(certificate) : NULL;
  X509_free(certificate);
  return key;
}

ULONG SKF_ExportPublicKey(HANDLE container, BOOL sign, BYTE *room, ULONG *size) {
  ULONG state = check(container);
  if (state) return state;
  EVP_PKEY *key = sign ? read_public_key(container) : NULL;
  BYTE *point = NULL;
  size_t length = key ? EVP_PKEY_get1_encoded_public_key(key, &point) : 0;
  EVP_PKEY_free(key);
  if (length != 65) {
    OPENSSL_free(point);
    return KEY_NOT_FOUND;
  }
  BYTE blob[132] = {0, 1, 0, 0}; /* 256 bits, little-endian, packed */
  memcpy(blob + 4 + 32, point + 1, 32);
  memcpy(blob + 4 + 64 + 32, point + 33, 32);
  OPENSSL_free(point);
  return give(((Node *)container)->device, blob, sizeof blob, room, size);
}

/* a, b, Gx, Gy of the SM2 curve (GB/T 32918.5) */
static const char curve[] =
    "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC"
    "28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93"
    "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7"
    "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0";

ULONG SKF_DigestInit(HANDLE device, ULONG algorithm, const BYTE *key, const BYTE *id, ULONG id_length,
                     HANDLE *hash) {
  ULONG state = check(device);
  if (state) return state;
  if (algorithm != 1) return INVALID_PARAM;
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (key && id_length) {
    BYTE z[32], bits[2] = {(BYTE)(id_length * 8 >> 8), (BYTE)(id_length * 8)};
    EVP_DigestInit_ex(context, EVP_sm3(), NULL);
    EVP_DigestUpdate(context, bits, 2);
    EVP_DigestUpdate(context, id, id_length);
    for (size_t at = 0; at + 1 < sizeof curve; at += 2) {
      unsigned value;
      sscanf(curve + at, "%2x", &value);
      BYTE one = (BYTE)value;
      EVP_DigestUpdate(context, &one, 1);
    }
    EVP_DigestUpdate(context, key + 4 + 32, 32);
    EVP_DigestUpdate(context, key + 4 + 64 + 32, 32);
    EVP_DigestFinal_ex(context, z, NULL);
    EVP_DigestInit_ex(context, EVP_sm3(), NULL);
    EVP_DigestUpdate(context, z, sizeof z);
  } else {
    EVP_DigestInit_ex(context, EVP_sm3(), NULL);
  }
  *hash = context;
  return OK;
}

ULONG SKF_Digest(HANDLE hash, const BYTE *data, ULONG length, BYTE *room, ULONG *size) {
  if (!hash) return INVALID_HANDLE;
  if (*size < 32) return BUFFER_TOO_SMALL;
  EVP_DigestUpdate(hash, data, length);
  EVP_DigestFinal_ex(hash, room, NULL);
  *size = 32;
  return OK;
}

ULONG SKF_CloseHandle(HANDLE hash) {
  EVP_MD_CTX_free(hash);
  return OK;
}

/* Signs what it is given, without hashing: PKCS #1 v1.5 for RSA, SM2 over 32 bytes. */
static ULONG sign_with(const Node *node, const BYTE *data, size_t length, BYTE *out, size_t *size) {
  misbehave_at("sign", node->device);
  if (has_word("remove-at-sign", node->device)) add_word("removed", node->device);
  ULONG state = check(node);
  if (state || has_word("odd-at-sign", node->device)) return state ? FAIL : 0x0A00001F;
  if (!current_login || strcmp(current_login->device, node->device) ||
      strcmp(current_login->application, node->application))
    return NOT_LOGGED_IN;
  EVP_PKEY *key = read_key(node);
  EVP_PKEY_CTX *context = key ? EVP_PKEY_CTX_new(key, NULL) : NULL;
  int is_done = context && EVP_PKEY_sign_init(context) > 0;
  if (is_done && EVP_PKEY_is_a(key, "RSA"))
    is_done = EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0;
  is_done = is_done && EVP_PKEY_sign(context, out, size, data, length) > 0;
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(key);
  if (is_done && has_word("wrong-signature", node->device)) out[*size - 1] ^= 1;
  return is_done ? OK : KEY_NOT_FOUND;
}

ULONG SKF_ECCSignData(HANDLE container, const BYTE *digest, ULONG length, EccSignature *signature) {
  if (length != 32) return INDATA_LEN;
  BYTE der[256];
  const BYTE *at = der;
  size_t size = sizeof der;
  ULONG state = sign_with(container, digest, length, der, &size);
  if (state) return state;
  ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)size);
  if (!pair) return FAIL;
  memset(signature, 0, sizeof *signature);
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), signature->r + 32, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), signature->s + 32, 32);
  ECDSA_SIG_free(pair);
  return OK;
}

ULONG SKF_RSASignData(HANDLE container, const BYTE *data, ULONG length, BYTE *signature, ULONG *size) {
  size_t room = *size;
  ULONG state = sign_with(container, data, length, signature, &room);
  *size = room;
  return state;
}
