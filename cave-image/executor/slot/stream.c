/* The connection to the gateway: our stdin and stdout, which the code never has. */
#include "slot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "stream.h"

uint8_t out_buffer[OUT_CAPACITY];
size_t out_start, out_end;
static uint64_t clock_start;

void open_streams(void) {
  for (int fd = 0; fd <= 1; fd++) {
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
}

uint64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void start_clock(void) { clock_start = now_us(); }
uint64_t clock_us(void) { return clock_start == 0 ? 0 : now_us() - clock_start; }

void end_slot(void) { _exit(0); }

void read_all(void *buffer, size_t length) {
  uint8_t *to = buffer;
  while (length > 0) {
    ssize_t got = read(0, to, length);
    if (got > 0) {
      to += got;
      length -= (size_t)got;
    } else if (got == 0) {
      end_slot();
    } else if (errno == EAGAIN) {
      struct pollfd wait = {.fd = 0, .events = POLLIN};
      poll(&wait, 1, -1);
    } else if (errno != EINTR) {
      end_slot();
    }
  }
}

static void put_be(uint8_t *to, uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; i--, value >>= 8) to[i] = (uint8_t)value;
}

size_t out_room(void) {
  if (out_start == out_end) out_start = out_end = 0;
  return OUT_CAPACITY - out_end;
}

uint8_t *out_payload(void) { return out_buffer + out_end + OUT_HEADER; }

void out_commit(uint8_t type, uint32_t length) {
  uint8_t *header = out_buffer + out_end;
  header[0] = type;
  put_be(header + 1, length, 4);
  put_be(header + 5, clock_us(), 8);
  out_end += OUT_HEADER + length;
}

void out_write(void) {
  while (out_start < out_end) {
    ssize_t sent = write(1, out_buffer + out_start, out_end - out_start);
    if (sent > 0) out_start += (size_t)sent;
    else if (sent < 0 && errno == EINTR) continue;
    else if (sent < 0 && errno == EAGAIN) return;
    else end_slot();
  }
}

void send_frame(uint8_t type, const void *payload, uint32_t length) {
  if (out_room() < OUT_HEADER + length) flush_frames(60000);
  if (length > 0) memcpy(out_payload(), payload, length);
  out_commit(type, length);
  out_write();
}

void flush_frames(int patience_ms) {
  uint64_t until = now_us() + (uint64_t)patience_ms * 1000;
  for (out_write(); out_start < out_end; out_write()) {
    uint64_t now = now_us();
    if (now >= until) end_slot();
    struct pollfd wait[] = {{.fd = 1, .events = POLLOUT}, {.fd = 0, .events = 0}};
    poll(wait, 2, (int)((until - now) / 1000) + 1);
    if (wait[1].revents & (POLLHUP | POLLERR)) end_slot();
  }
  out_start = out_end = 0;
}
