/*
 * slot <uid> <open files> <processes> <file bytes> [interpreter …]: process 1 of a slot, as root with hardly a capability. It boots the
 * interpreter as another user, waits for one request, runs it, reports, and ends. When the gateway goes away, so does the slot.
 */
#define _GNU_SOURCE
#include "slot.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BOOT_MS = 30000, MOST_FRAME = 64 * 1024 * 1024 };

uid_t code_uid;
volatile sig_atomic_t cancelled;

static void on_term(int number) {
  (void)number;
  cancelled = 1;
}
static void on_child(int number) { (void)number; }

static void listen_for_signals(void) {
  struct sigaction action = {.sa_handler = on_term};
  sigaction(SIGTERM, &action, NULL);
  action.sa_handler = on_child;
  sigaction(SIGCHLD, &action, NULL);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, NULL);
  /* Both only arrive while a run waits in ppoll. */
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigaddset(&blocked, SIGCHLD);
  sigprocmask(SIG_BLOCK, &blocked, NULL);
}

/* The interpreter says one byte when it waits for its code. */
static bool wait_for_boot(struct child *child) {
  struct pollfd wait[] = {{.fd = child->control, .events = POLLIN}, {.fd = 0, .events = 0}};
  uint8_t byte;
  return poll(wait, 2, BOOT_MS) > 0 && (wait[1].revents & POLLHUP) == 0 && read(child->control, &byte, 1) == 1;
}

static void setup_failed(const char *what, int error) {
  char text[200];
  int length = snprintf(text, sizeof text, "%s: %s", what, strerror(error));
  uint8_t payload[37 + sizeof text] = {FAILED, RUN};
  memcpy(payload + 37, text, (size_t)length);
  send_frame(FRAME_EXIT, payload, 37 + (uint32_t)length);
  flush_frames(10000);
  end_slot();
}

int main(int argc, char **argv) {
  if (argc < 5) return 64;
  code_uid = (uid_t)strtoul(argv[1], NULL, 10);
  struct request limits = {
      .open_files = (uint32_t)strtoul(argv[2], NULL, 10),
      .processes = (uint32_t)strtoul(argv[3], NULL, 10),
      .file_bytes = strtoull(argv[4], NULL, 10),
  };
  if (code_uid == 0) return 64;
  prctl(PR_SET_DUMPABLE, 0);
  open_streams();
  listen_for_signals();
  open_usage();

  struct child booted = {.pid = 0, .in = -1, .out = -1, .err = -1, .control = -1};
  if (argc > 5) {
    int error = start_child(argv + 5, &limits, true, &booted);
    if (error != 0) setup_failed(argv[5], error);
    if (!wait_for_boot(&booted)) setup_failed(argv[5], ETIMEDOUT);
  }
  unsetenv("GHOST_BOOT"); /* for whatever is started later */
  send_frame(FRAME_READY, NULL, 0);
  flush_frames(10000);

  for (;;) {
    uint8_t header[5];
    read_all(header, sizeof header);
    uint32_t length =
        (uint32_t)header[1] << 24 | (uint32_t)header[2] << 16 | (uint32_t)header[3] << 8 | header[4];
    if (length > MOST_FRAME) end_slot();
    uint8_t *payload = malloc(length + 1);
    if (payload == NULL) setup_failed("memory for a frame", ENOMEM);
    read_all(payload, length);
    if (header[0] == FRAME_FILE) {
      if (materialise(payload, length) < 0) setup_failed("writing a file", errno);
      free(payload);
      continue;
    }
    struct request request;
    if (header[0] != FRAME_GO || !parse_request(payload, length, &request)) setup_failed("the request", EPROTO);
    bool others = request.open_files != limits.open_files || request.processes != limits.processes ||
                  request.file_bytes != limits.file_bytes;
    if (booted.pid > 0 && request.handover && others) {
      int error = limit_child(booted.pid, &request);
      if (error != 0) setup_failed("limits", error);
    }
    run_request(&request, &booted);
    end_slot();
  }
}
