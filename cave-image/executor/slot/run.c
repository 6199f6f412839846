/* One run: its stages, its streams, its limits, and the frame that says how it ended. */
#define _GNU_SOURCE
#include "slot.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stream.h"

/* The gateway may be slow to read, but not for ever. */
enum { PATIENCE_MS = 60000 };

extern volatile sig_atomic_t cancelled;

static uint64_t output_left;
static bool truncated;

/* What arrives for the code's stdin: a frame at a time, and no more than it takes. */
static struct {
  uint8_t header[5];
  size_t header_bytes;
  uint32_t frame_left;
  uint8_t data[CHUNK];
  size_t start, end;
  bool ended;
} input;

static void take_input(struct child *child) {
  while (!input.ended && input.start == input.end) {
    if (input.frame_left > 0) {
      ssize_t got = read(0, input.data, input.frame_left < CHUNK ? input.frame_left : CHUNK);
      if (got == 0) end_slot();
      if (got < 0) return;
      input.frame_left -= (uint32_t)got;
      input.start = 0;
      input.end = child->in < 0 ? 0 : (size_t)got; /* a program that has closed its stdin reads no more */
      continue;
    }
    ssize_t got = read(0, input.header + input.header_bytes, sizeof input.header - input.header_bytes);
    if (got == 0) end_slot();
    if (got < 0) return;
    input.header_bytes += (size_t)got;
    if (input.header_bytes < sizeof input.header) continue;
    input.header_bytes = 0;
    input.frame_left = (uint32_t)input.header[1] << 24 | (uint32_t)input.header[2] << 16 |
                       (uint32_t)input.header[3] << 8 | input.header[4];
    if (input.header[0] == FRAME_INPUT_END) input.ended = true;
    else if (input.header[0] != FRAME_INPUT) end_slot();
  }
}

static void give_input(struct child *child) {
  if (child->in >= 0 && input.start < input.end) {
    ssize_t sent = write(child->in, input.data + input.start, input.end - input.start);
    if (sent > 0) input.start += (size_t)sent;
    else if (sent < 0 && errno != EAGAIN && errno != EINTR) {
      close(child->in);
      child->in = -1;
      input.start = input.end;
    }
  }
  if (child->in >= 0 && input.ended && input.start == input.end) {
    close(child->in);
    child->in = -1;
  }
}

/* Reads once what the code has written. False when the stream has ended or has nothing. */
static bool take_output(int *fd, uint8_t type) {
  if (*fd < 0 || out_room() < OUT_HEADER + CHUNK) return false;
  ssize_t got = read(*fd, out_payload(), CHUNK);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (got <= 0) {
    close(*fd);
    *fd = -1;
    return false;
  }
  uint32_t kept = (uint64_t)got < output_left ? (uint32_t)got : (uint32_t)output_left;
  if (kept < (uint32_t)got) truncated = true;
  output_left -= kept;
  if (kept > 0) out_commit(type, kept);
  return true;
}

static bool hears_ready(struct child *child) {
  uint8_t byte = 0;
  if (read(child->control, &byte, 1) == 1 && byte == '=') return true;
  close(child->control);
  child->control = -1;
  return false;
}

/* It waits for this: what it wrote before is the compiler's, and what it writes from now on is the code's. */
static void let_go_on(struct child *child) {
  if (write(child->control, "=", 1) < 0) errno = 0; /* then it has ended, which is seen next */
  close(child->control);
  child->control = -1;
}

static int left_ms(uint64_t until) {
  uint64_t now = now_us();
  return now >= until ? 0 : (int)((until - now + 999) / 1000);
}

/*
 * Until the process has ended or must end; then nothing of it is left, and all it wrote is on its way. An interpreter that compiles by itself
 * says so when it has: then it is `ready` to go on, and the code has not had its turn yet.
 */
static enum reason run_stage(struct child *child, enum stage stage, uint32_t limit_ms, int *status, bool *ready) {
  uint64_t until = now_us() + (uint64_t)limit_ms * 1000;
  uint8_t out_type = stage == COMPILE ? FRAME_COMPILER : FRAME_STDOUT;
  uint8_t err_type = stage == COMPILE ? FRAME_COMPILER : FRAME_STDERR;
  sigset_t open_mask;
  sigemptyset(&open_mask);
  enum reason reason = ENDED;
  bool ended = false;
  while (!ended) {
    int gone;
    int one;
    while ((gone = waitpid(-1, &one, WNOHANG)) > 0)
      if (gone == child->pid) *status = one, ended = true;
    if (ended) break;
    look_at_processes();
    if (cancelled) reason = CANCELLED;
    else if (truncated) reason = TOO_MUCH_OUTPUT;
    else if (left_ms(until) == 0) reason = TIMED_OUT;
    if (reason != ENDED) break;
    bool room = out_room() >= OUT_HEADER + CHUNK;
    bool wants_input = stage == RUN && !input.ended && input.start == input.end;
    struct pollfd wait[] = {
        {.fd = 0, .events = wants_input ? POLLIN : 0},
        {.fd = out_start < out_end ? 1 : -1, .events = POLLOUT},
        {.fd = room ? child->out : -1, .events = POLLIN},
        {.fd = room ? child->err : -1, .events = POLLIN},
        {.fd = stage == RUN && input.start < input.end ? child->in : -1, .events = POLLOUT},
        {.fd = ready != NULL ? child->control : -1, .events = POLLIN},
    };
    int timeout = left_ms(until);
    struct timespec at_most = {timeout / 1000, (long)(timeout % 1000) * 1000000};
    if (ppoll(wait, sizeof wait / sizeof *wait, &at_most, &open_mask) < 0) continue;
    if (wait[0].revents & POLLIN) take_input(child);
    else if (wait[0].revents & (POLLHUP | POLLERR)) end_slot();
    if (stage == RUN) give_input(child);
    if (wait[2].revents) take_output(&child->out, out_type);
    if (wait[3].revents) take_output(&child->err, err_type);
    if (wait[5].revents && hears_ready(child)) {
      while (take_output(&child->out, out_type) | take_output(&child->err, err_type)) flush_frames(PATIENCE_MS);
      let_go_on(child);
      *ready = true;
      return ENDED;
    }
    out_write();
  }
  kill_everything(ended ? 0 : child->pid, status);
  while (child->out >= 0 || child->err >= 0) {
    bool more = take_output(&child->out, out_type);
    more = take_output(&child->err, err_type) || more;
    if (!more && out_room() >= OUT_HEADER + CHUNK && out_start == out_end) break;
    flush_frames(PATIENCE_MS);
  }
  close_child(child);
  return reason == ENDED && truncated ? TOO_MUCH_OUTPUT : reason;
}

static void put_be(uint8_t **to, uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) *(*to)++ = (uint8_t)(value >> shift);
}

static void report(enum reason reason, enum stage stage, int status, uint64_t wall_us, const char *problem) {
  struct usage usage;
  end_usage(&usage);
  uint8_t payload[512];
  uint8_t *at = payload;
  bool signalled = WIFSIGNALED(status);
  put_be(&at, reason, 1);
  put_be(&at, stage, 1);
  put_be(&at, signalled, 1);
  put_be(&at, (uint64_t)(signalled ? WTERMSIG(status) : WEXITSTATUS(status)), 1);
  put_be(&at, usage.cpu_us, 8);
  put_be(&at, wall_us, 8);
  put_be(&at, usage.memory_peak, 8);
  put_be(&at, usage.pids_peak, 4);
  put_be(&at, usage.oom_kills, 4);
  put_be(&at, truncated, 1);
  size_t text = strnlen(problem, sizeof payload - (size_t)(at - payload));
  memcpy(at, problem, text);
  send_frame(FRAME_EXIT, payload, (uint32_t)(at - payload + (long)text));
  flush_frames(PATIENCE_MS);
}

static void tell_stage(enum stage stage) {
  uint8_t payload = (uint8_t)stage;
  send_frame(FRAME_STAGE, &payload, 1);
}

/* The words for the interpreter. One that compiles answers on the same way, so it is told their length; others read to the end. */
static bool hand_over(struct child *child, const struct request *request) {
  uint32_t length = request->message_bytes;
  uint8_t before[4] = {(uint8_t)(length >> 24), (uint8_t)(length >> 16), (uint8_t)(length >> 8), (uint8_t)length};
  bool compiles = request->handover == HANDOVER_COMPILES;
  if (compiles && write(child->control, before, sizeof before) != (ssize_t)sizeof before) return false;
  if (write(child->control, request->message, length) != (ssize_t)length) return false;
  if (compiles) return true;
  close(child->control);
  child->control = -1;
  return true;
}

void run_request(const struct request *request, struct child *booted) {
  output_left = request->output_bytes;
  int status = 0;
  begin_usage();
  start_clock();
  if (request->compile.count > 0) {
    struct child compiler;
    tell_stage(COMPILE);
    int error = start_child(request->compile.argv, request, false, &compiler);
    if (error != 0) {
      report(FAILED, COMPILE, 0, clock_us(), strerror(error));
      return;
    }
    close(compiler.in);
    compiler.in = -1;
    enum reason reason = run_stage(&compiler, COMPILE, request->compile_ms, &status, NULL);
    if (reason != ENDED || status != 0) {
      report(reason, COMPILE, status, clock_us(), "");
      return;
    }
  }
  struct child child = *booted;
  if (child.pid > 0 && request->handover == NO_HANDOVER) {
    close_child(&child);
    kill_everything(0, NULL);
    child.pid = 0;
  }
  if (child.pid > 0) {
    bool compiles = request->handover == HANDOVER_COMPILES;
    tell_stage(compiles ? COMPILE : RUN);
    if (!hand_over(&child, request)) {
      report(FAILED, RUN, 0, 0, "the booted interpreter does not listen");
      return;
    }
    bool ready = !compiles;
    if (compiles) {
      enum reason reason = run_stage(&child, COMPILE, request->compile_ms, &status, &ready);
      if (!ready) {
        report(reason, COMPILE, status, clock_us(), "");
        return;
      }
      tell_stage(RUN);
    }
  } else {
    tell_stage(RUN);
    int error = start_child(request->run.argv, request, false, &child);
    if (error != 0) {
      report(FAILED, RUN, 0, 0, strerror(error));
      return;
    }
  }
  uint64_t begun = clock_us();
  enum reason reason = run_stage(&child, RUN, request->run_ms, &status, NULL);
  report(reason, RUN, status, clock_us() - begun, "");
}
