/*
 * A PKCS#11 library in front of SoftHSM that behaves like a token in a hand: it counts wrong PINs and locks, it can
 * be pulled out, it can hang and it can crash. Everything it does not change goes straight through.
 *
 * Environment:
 *   TOKEN_SHIM_LIBRARY  the real library
 *   TOKEN_SHIM_FOLDER   folder with
 *     control           words, one a line (a slot's token can be named after a colon: removed:SERIAL):
 *                       removed | remove-at-login | remove-after-login | remove-at-sign | odd-at-sign | hang-at-sign | hang-at-list |
 *                       crash-at-sign | crash-at-list
 *     tries-SERIAL      wrong PINs so far
 *   TOKEN_SHIM_TRIES    tries before the token locks, default 6
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CK_PTR *
#define CK_DECLARE_FUNCTION(returnType, name) returnType name
#define CK_DECLARE_FUNCTION_POINTER(returnType, name) returnType(*name)
#define CK_CALLBACK_FUNCTION(returnType, name) returnType(*name)
#ifndef NULL_PTR
#define NULL_PTR 0
#endif
#include <pkcs11.h> /* the header that comes with pkcs11js */

static CK_FUNCTION_LIST shim;
static CK_FUNCTION_LIST *real;

static int is_word_set(const char *word, const char *serial) {
  char path[1024], line[256], named[256];
  snprintf(path, sizeof path, "%s/control", getenv("TOKEN_SHIM_FOLDER"));
  snprintf(named, sizeof named, "%s:%s", word, serial);
  FILE *file = fopen(path, "r");
  int found = 0;
  while (file && !found && fgets(line, sizeof line, file)) {
    line[strcspn(line, "\r\n")] = 0;
    found = strcmp(line, word) == 0 || strcmp(line, named) == 0;
  }
  if (file) fclose(file);
  return found;
}

static void set_word(const char *word, const char *serial) {
  char path[1024];
  snprintf(path, sizeof path, "%s/control", getenv("TOKEN_SHIM_FOLDER"));
  FILE *file = fopen(path, "a");
  if (!file) return;
  fprintf(file, "%s:%s\n", word, serial);
  fclose(file);
}

static void read_serial(CK_SLOT_ID slot, char serial[17]) {
  CK_TOKEN_INFO info;
  serial[0] = 0;
  if (real->C_GetTokenInfo(slot, &info) != CKR_OK) return;
  memcpy(serial, info.serialNumber, 16);
  serial[16] = 0;
  for (int at = 15; at >= 0 && serial[at] == ' '; at--) serial[at] = 0;
}

static void serial_of_session(CK_SESSION_HANDLE session, char serial[17]) {
  CK_SESSION_INFO info;
  serial[0] = 0;
  if (real->C_GetSessionInfo(session, &info) == CKR_OK) read_serial(info.slotID, serial);
}

static int read_tries(const char *serial) {
  char path[1024];
  int tries = 0;
  snprintf(path, sizeof path, "%s/tries-%s", getenv("TOKEN_SHIM_FOLDER"), serial);
  FILE *file = fopen(path, "r");
  if (file && fscanf(file, "%d", &tries) != 1) tries = 0;
  if (file) fclose(file);
  return tries;
}

static void write_tries(const char *serial, int tries) {
  char path[1024];
  snprintf(path, sizeof path, "%s/tries-%s", getenv("TOKEN_SHIM_FOLDER"), serial);
  FILE *file = fopen(path, "w");
  if (!file) return;
  fprintf(file, "%d\n", tries);
  fclose(file);
}

static int max_tries(void) {
  const char *text = getenv("TOKEN_SHIM_TRIES");
  return text ? atoi(text) : 6;
}

static void maybe_fail(const char *place, const char *serial) {
  char word[64];
  snprintf(word, sizeof word, "crash-at-%s", place);
  if (is_word_set(word, serial)) abort();
  snprintf(word, sizeof word, "hang-at-%s", place);
  while (is_word_set(word, serial)) sleep(1);
}

static CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID *list, unsigned long *count) {
  CK_SLOT_ID all[64];
  unsigned long found = 64, kept = 0;
  maybe_fail("list", "");
  CK_RV rv = real->C_GetSlotList(present, all, &found);
  if (rv != CKR_OK) return rv;
  for (unsigned long index = 0; index < found; index++) {
    char serial[17];
    CK_TOKEN_INFO info;
    /* SoftHSM always shows one more slot with an empty token: no such thing sits in a USB port */
    if (real->C_GetTokenInfo(all[index], &info) != CKR_OK || !(info.flags & CKF_TOKEN_INITIALIZED)) continue;
    read_serial(all[index], serial);
    if (!is_word_set("removed", serial)) all[kept++] = all[index];
  }
  if (list && *count < kept) {
    *count = kept;
    return CKR_BUFFER_TOO_SMALL;
  }
  if (list) memcpy(list, all, kept * sizeof *all);
  *count = kept;
  return CKR_OK;
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info) {
  char serial[17];
  read_serial(slot, serial);
  if (is_word_set("removed", serial)) return CKR_TOKEN_NOT_PRESENT;
  CK_RV rv = real->C_GetTokenInfo(slot, info);
  if (rv != CKR_OK) return rv;
  int tries = read_tries(serial), max = max_tries();
  info->flags &= ~(unsigned long)(CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED);
  if (tries > 0) info->flags |= CKF_USER_PIN_COUNT_LOW;
  if (tries == max - 1) info->flags |= CKF_USER_PIN_FINAL_TRY;
  if (tries >= max) info->flags |= CKF_USER_PIN_LOCKED;
  return CKR_OK;
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                            CK_SESSION_HANDLE *session) {
  char serial[17];
  read_serial(slot, serial);
  if (is_word_set("removed", serial)) return CKR_TOKEN_NOT_PRESENT;
  return real->C_OpenSession(slot, flags, application, notify, session);
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin, unsigned long length) {
  char serial[17];
  serial_of_session(session, serial);
  if (is_word_set("remove-at-login", serial)) set_word("removed", serial);
  if (is_word_set("removed", serial)) return CKR_DEVICE_REMOVED;
  if (user != CKU_USER) return real->C_Login(session, user, pin, length);
  int tries = read_tries(serial);
  if (tries >= max_tries()) return CKR_PIN_LOCKED;
  CK_RV rv = real->C_Login(session, user, pin, length);
  if (rv == CKR_OK) write_tries(serial, 0);
  if (rv == CKR_PIN_INCORRECT) write_tries(serial, tries + 1);
  return rv;
}

static CK_RV set_pin(CK_SESSION_HANDLE session, unsigned char *old, unsigned long old_length, unsigned char *new,
                       unsigned long new_length) {
  char serial[17];
  serial_of_session(session, serial);
  int tries = read_tries(serial);
  if (tries >= max_tries()) return CKR_PIN_LOCKED;
  CK_RV rv = real->C_SetPIN(session, old, old_length, new, new_length);
  if (rv == CKR_OK) write_tries(serial, 0);
  if (rv == CKR_PIN_INCORRECT) write_tries(serial, tries + 1);
  return rv;
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key) {
  char serial[17];
  serial_of_session(session, serial);
  if (is_word_set("remove-after-login", serial)) set_word("removed", serial);
  /* what some cards say when they are gone: the key's handle has lost its meaning */
  if (is_word_set("removed", serial)) return CKR_OBJECT_HANDLE_INVALID;
  return real->C_SignInit(session, mechanism, key);
}

static CK_RV sign_data(CK_SESSION_HANDLE session, unsigned char *data, unsigned long size,
                         unsigned char *signature, unsigned long *length) {
  char serial[17];
  serial_of_session(session, serial);
  maybe_fail("sign", serial);
  if (is_word_set("remove-at-sign", serial)) set_word("removed", serial);
  if (is_word_set("removed", serial) || is_word_set("odd-at-sign", serial)) return CKR_GENERAL_ERROR;
  return real->C_Sign(session, data, size, signature, length);
}


CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list) {
  if (!real) {
    void *library = dlopen(getenv("TOKEN_SHIM_LIBRARY"), RTLD_NOW | RTLD_LOCAL);
    CK_C_GetFunctionList get = library ? (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList") : NULL;
    if (!get || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
    shim = *real;
    shim.C_GetFunctionList = C_GetFunctionList;
    shim.C_GetSlotList = get_slot_list;
    shim.C_GetTokenInfo = get_token_info;
    shim.C_OpenSession = open_session;
    shim.C_Login = login;
    shim.C_SetPIN = set_pin;
    shim.C_SignInit = sign_init;
    shim.C_Sign = sign_data;
  }
  *list = &shim;
  return CKR_OK;
}
