/* The frame that starts a run. The gateway writes it, so it is trusted; it is parsed with care all the same. */
#include "slot.h"

#include <stdlib.h>
#include <string.h>

struct reader {
  const uint8_t *at, *end;
  bool ok;
};

static uint64_t number(struct reader *r, int bytes) {
  uint64_t value = 0;
  if (r->end - r->at < bytes) {
    r->ok = false;
    return 0;
  }
  while (bytes-- > 0) value = value << 8 | *r->at++;
  return value;
}

static struct words words(struct reader *r) {
  struct words list = {.count = (int)number(r, 2)};
  list.argv = calloc((size_t)list.count + 1, sizeof *list.argv);
  if (list.argv == NULL) r->ok = false;
  for (int i = 0; r->ok && i < list.count; i++) {
    size_t length = (size_t)number(r, 2);
    if (!r->ok || (size_t)(r->end - r->at) < length || memchr(r->at, 0, length) != NULL) {
      r->ok = false;
      break;
    }
    list.argv[i] = strndup((const char *)r->at, length);
    if (list.argv[i] == NULL) r->ok = false;
    r->at += length;
  }
  return list;
}

bool parse_request(uint8_t *payload, uint32_t length, struct request *request) {
  struct reader r = {payload, payload + length, true};
  request->run_ms = (uint32_t)number(&r, 4);
  request->compile_ms = (uint32_t)number(&r, 4);
  request->output_bytes = number(&r, 8);
  request->open_files = (uint32_t)number(&r, 4);
  request->processes = (uint32_t)number(&r, 4);
  request->file_bytes = number(&r, 8);
  request->handover = (enum handover)number(&r, 1);
  request->compile = words(&r);
  if (!r.ok) return false;
  request->run = words(&r);
  request->message_bytes = (uint32_t)number(&r, 4);
  request->message = r.at;
  return r.ok && request->message_bytes == (size_t)(r.end - r.at);
}
