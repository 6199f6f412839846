/* The first process of a slot: a container that runs one piece of code and is thrown away. See docs/executor.md. */
#ifndef SLOT_H
#define SLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* From the gateway: type, length (32 bits, big-endian), payload. */
enum { FRAME_FILE = 'F', FRAME_GO = 'G', FRAME_INPUT = 'I', FRAME_INPUT_END = 'E' };
/* To the gateway: type, length (32 bits), microseconds since the start of the run (64 bits), payload. */
enum {
  FRAME_READY = 'R',
  FRAME_STAGE = 'S',
  FRAME_STDOUT = 'O',
  FRAME_STDERR = 'X',
  FRAME_COMPILER = 'C',
  FRAME_EXIT = 'Z'
};
enum { OUT_HEADER = 13, CHUNK = 65536 };

enum reason { ENDED = 0, TIMED_OUT = 1, TOO_MUCH_OUTPUT = 2, CANCELLED = 3, FAILED = 4 };
enum stage { COMPILE = 1, RUN = 2 };

/* Whether the booted interpreter runs it, or is thrown away and `run` is started. */
enum handover { NO_HANDOVER = 0, HANDOVER = 1, HANDOVER_COMPILES = 2 };

struct words {
  char **argv; /* ends with NULL */
  int count;
};

/* What the gateway asks for. */
struct request {
  uint32_t run_ms, compile_ms;
  uint64_t output_bytes;
  uint32_t open_files, processes;
  uint64_t file_bytes;
  enum handover handover;
  struct words compile, run;
  const uint8_t *message; /* for the booted interpreter */
  uint32_t message_bytes;
};

/* The code's process, with our ends of its streams; -1 where there is none. */
struct child {
  pid_t pid;
  int in, out, err, control;
};

struct usage {
  uint64_t cpu_us, memory_peak;
  uint32_t pids_peak, oom_kills;
};

extern uid_t code_uid;

/* files.c */
int materialise(const uint8_t *payload, uint32_t length);

/* request.c */
bool parse_request(uint8_t *payload, uint32_t length, struct request *request);

/* child.c */
int start_child(char *const argv[], const struct request *limits, bool control, struct child *child);
int limit_child(pid_t pid, const struct request *limits);
void close_child(struct child *child);
void kill_everything(pid_t main_pid, int *main_status);

/* filter.c */
int filter_system_calls(void);

/* usage.c */
void open_usage(void);
void begin_usage(void);
void look_at_processes(void);
void end_usage(struct usage *usage);

/* stream.c */
void open_streams(void);
uint64_t now_us(void);
void start_clock(void);
uint64_t clock_us(void);
/* Waits for all of it; ends the slot when the gateway is gone. */
void read_all(void *buffer, size_t length);
void send_frame(uint8_t type, const void *payload, uint32_t length);
void flush_frames(int patience_ms);
_Noreturn void end_slot(void);

/* run.c */
void run_request(const struct request *request, struct child *booted);

#endif
