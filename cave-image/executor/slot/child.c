/* Starts the code as another user, with nothing of ours but three pipes, and ends all that it started. */
#define _GNU_SOURCE
#include "slot.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Below us, so that no load of theirs keeps us from ending them in time. */
enum { NICENESS = 5 };

static void set_limits(const struct request *limits, pid_t pid) {
  const struct {
    int what;
    uint64_t most;
  } all[] = {
      {RLIMIT_NOFILE, limits->open_files}, {RLIMIT_NPROC, limits->processes}, {RLIMIT_FSIZE, limits->file_bytes},
      {RLIMIT_CORE, 0},                    {RLIMIT_MEMLOCK, 65536},           {RLIMIT_MSGQUEUE, 65536},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    struct rlimit limit = {all[i].most, all[i].most};
    prlimit(pid, all[i].what, &limit, NULL);
  }
}

static _Noreturn void become(char *const argv[], const struct request *limits, int in, int out, int err, int control,
                             int failure) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int signal_number = 1; signal_number < NSIG; signal_number++) signal(signal_number, SIG_DFL);
  /* The first to go when memory runs out. Before the user changes: afterwards the file is root's. */
  int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score >= 0) {
    if (write(score, "1000", 4) < 0) errno = 0;
    close(score);
  }
  setpriority(PRIO_PROCESS, 0, NICENESS);
  umask(022);
  setsid();
  bool ready = setgroups(0, NULL) == 0 && setresgid(code_uid, code_uid, code_uid) == 0;
  set_limits(limits, 0);
  ready = ready && setresuid(code_uid, code_uid, code_uid) == 0 && chdir("/work") == 0;
  ready = ready && dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(err, 2) == 2;
  if (ready && control >= 0) ready = dup2(control, 3) == 3;
  ready = ready && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && filter_system_calls() == 0;
  if (ready) execvp(argv[0], argv);
  int error = errno;
  if (write(failure, &error, sizeof error) < 0) _exit(126);
  _exit(127);
}

static int pipe_pair(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

/* High enough to be out of the way of 0 to 3 in the child. */
static int moved(int fd) {
  int high = fcntl(fd, F_DUPFD_CLOEXEC, 10);
  close(fd);
  return high;
}

int start_child(char *const argv[], const struct request *limits, bool control, struct child *child) {
  int in[2], out[2], err[2], failure[2], pair[2] = {-1, -1};
  if (pipe_pair(in) < 0 || pipe_pair(out) < 0 || pipe_pair(err) < 0 || pipe_pair(failure) < 0) return errno;
  if (control && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) return errno;
  int *all[] = {&in[0], &in[1], &out[0], &out[1], &err[0], &err[1], &failure[0], &failure[1]};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) *all[i] = moved(*all[i]);
  if (control) pair[0] = moved(pair[0]), pair[1] = moved(pair[1]);
  pid_t pid = fork();
  if (pid < 0) return errno;
  if (pid == 0) become(argv, limits, in[0], out[1], err[1], pair[1], failure[1]);
  close(in[0]), close(out[1]), close(err[1]), close(failure[1]);
  if (control) close(pair[1]);
  int error = 0;
  ssize_t got;
  do got = read(failure[0], &error, sizeof error);
  while (got < 0 && errno == EINTR);
  close(failure[0]);
  *child = (struct child){pid, in[1], out[0], err[0], pair[0]};
  for (int i = 0; i < 3; i++) {
    int fd = ((int[]){child->in, child->out, child->err})[i];
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  }
  return got > 0 ? error : 0;
}

/* Other limits than those it was booted with. Limits of a foreign process may be set by whoever has its user. */
int limit_child(pid_t pid, const struct request *limits) {
  if (setresgid(code_uid, code_uid, 0) < 0 || setresuid(code_uid, code_uid, 0) < 0) return errno;
  set_limits(limits, pid);
  return setresuid(0, 0, 0) < 0 || setresgid(0, 0, 0) < 0 ? errno : 0;
}

void close_child(struct child *child) {
  int *all[] = {&child->in, &child->out, &child->err, &child->control};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (*all[i] >= 0) close(*all[i]), *all[i] = -1;
}

void kill_everything(pid_t main_pid, int *main_status) {
  for (;;) {
    int status;
    kill(-1, SIGKILL); /* all but us; a fork under way is killed before it returns */
    pid_t pid = waitpid(-1, &status, 0);
    if (pid == main_pid && main_status != NULL) *main_status = status;
    if (pid < 0 && errno == ECHILD) return;
  }
}
