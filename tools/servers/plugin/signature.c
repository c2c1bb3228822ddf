#include "signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEX_BYTES (2 * SHA256_DIGEST_LENGTH + 1)
#define SIGNATURE_PARAMETER "X-Amz-Signature"

/* SHA-256 of an empty body. */
static const char EMPTY_BODY_HASH[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

static void to_hex(const unsigned char *bytes, size_t count, char *out) {
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < count; i++) {
    *out++ = digits[bytes[i] >> 4];
    *out++ = digits[bytes[i] & 15];
  }
  *out = '\0';
}

static char *append(char *out, const char *text) {
  size_t length = strlen(text);
  memcpy(out, text, length + 1);
  return out + length;
}

static bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

/* Writes a name or a value with every byte escaped that RFC 3986 does not leave unreserved. */
static char *append_escaped(char *out, const char *text) {
  static const char digits[] = "0123456789ABCDEF";
  for (; *text != '\0'; text++) {
    if (is_unreserved(*text)) {
      *out++ = *text;
      continue;
    }
    unsigned char byte = (unsigned char)*text;
    *out++ = '%';
    *out++ = digits[byte >> 4];
    *out++ = digits[byte & 15];
  }
  *out = '\0';
  return out;
}

static int by_name(const void *a, const void *b) {
  return strcmp(((const struct parameter *)a)->name, ((const struct parameter *)b)->name);
}

/* An escaped byte takes three characters; the fixed lines and the separators take the rest. */
static size_t canonical_request_bytes(const struct token *token) {
  size_t bytes = 256 + strlen(token->endpoint);
  for (size_t i = 0; i < token->parameter_count; i++) {
    bytes += 3 * (strlen(token->parameters[i].name) + strlen(token->parameters[i].value)) + 2;
  }
  return bytes;
}

static void write_canonical_request(const struct token *token, char *out) {
  struct parameter sorted[TOKEN_MAX_PARAMETERS];
  memcpy(sorted, token->parameters, sizeof sorted);
  qsort(sorted, token->parameter_count, sizeof sorted[0], by_name);

  out = append(out, "GET\n/\n");
  const char *separator = "";
  for (size_t i = 0; i < token->parameter_count; i++) {
    if (strcmp(sorted[i].name, SIGNATURE_PARAMETER) == 0) continue;
    out = append(out, separator);
    out = append_escaped(out, sorted[i].name);
    out = append(out, "=");
    out = append_escaped(out, sorted[i].value);
    separator = "&";
  }
  out = append(out, "\nhost:");
  out = append(out, token->endpoint);
  out = append(out, "\n\nhost\n");
  append(out, EMPTY_BODY_HASH);
}

static bool hash_canonical_request(const struct token *token, char hex[HEX_BYTES]) {
  size_t bytes = canonical_request_bytes(token);
  char *request = malloc(bytes);
  if (request == NULL) return false;
  write_canonical_request(token, request);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  bool hashed = EVP_Digest(request, strlen(request), digest, NULL, EVP_sha256(), NULL) == 1;
  /* The request holds the session token. */
  OPENSSL_cleanse(request, bytes);
  free(request);
  to_hex(digest, sizeof digest, hex);
  return hashed;
}

static bool hmac(const void *key, size_t key_bytes, const char *text, unsigned char out[SHA256_DIGEST_LENGTH]) {
  unsigned char result[SHA256_DIGEST_LENGTH];
  unsigned int length = sizeof result;
  bool done = HMAC(EVP_sha256(), key, (int)key_bytes, (const unsigned char *)text, strlen(text), result, &length);
  memcpy(out, result, sizeof result);
  OPENSSL_cleanse(result, sizeof result);
  return done;
}

/* The signing key is a chain of HMACs over the parts of the scope; its last link signs the text. */
static bool sign(const struct token *token, const char *secret, const char *text, unsigned char mac[SHA256_DIGEST_LENGTH]) {
  size_t bytes = strlen("AWS4") + strlen(secret) + 1;
  char *first_key = malloc(bytes);
  if (first_key == NULL) return false;
  append(append(first_key, "AWS4"), secret);
  bool done = hmac(first_key, bytes - 1, token->day, mac);
  OPENSSL_cleanse(first_key, bytes);
  free(first_key);

  const char *links[] = {token->region, token->service, token->terminator, text};
  for (size_t i = 0; done && i < sizeof links / sizeof links[0]; i++) {
    done = hmac(mac, SHA256_DIGEST_LENGTH, links[i], mac);
  }
  return done;
}

static char *string_to_sign(const struct token *token) {
  char request_hash[HEX_BYTES];
  if (!hash_canonical_request(token, request_hash)) return NULL;
  size_t bytes = 256 + strlen(token->date) + strlen(token->day) + strlen(token->region) + strlen(token->service) +
                 strlen(token->terminator);
  char *text = malloc(bytes);
  if (text == NULL) return NULL;
  snprintf(text, bytes, "%s\n%s\n%s/%s/%s/%s\n%s", token->algorithm, token->date, token->day, token->region,
           token->service, token->terminator, request_hash);
  return text;
}

enum verdict signature_check(const struct token *token, const char *secret_access_key) {
  char *text = string_to_sign(token);
  if (text == NULL) return LOGIN_OUT_OF_MEMORY;
  unsigned char mac[SHA256_DIGEST_LENGTH] = {0};
  char expected[HEX_BYTES];
  bool is_signed = sign(token, secret_access_key, text, mac);
  to_hex(mac, sizeof mac, expected);
  free(text);
  /* In constant time: the time of an early exit would tell how many digits of a forged signature were right. */
  bool matches = is_signed && CRYPTO_memcmp(expected, token->signature, HEX_BYTES - 1) == 0;
  OPENSSL_cleanse(mac, sizeof mac);
  OPENSSL_cleanse(expected, sizeof expected);
  return matches ? VERDICT_OK : KEYRING_BAD_SIGNATURE;
}
