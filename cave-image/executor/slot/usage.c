/* What the kernel counts for this container, from files the code cannot write. Control groups of both versions. */
#include "slot.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static int cpu = -1, memory = -1, oom = -1, pids = -1;
static bool cpu_in_ns;
static uint64_t cpu_before;
static uint32_t oom_before;
/* The engine's own start counts in the kernel's peak: what we saw ourselves is what is told unless the peak has risen since. */
static uint64_t pids_before, pids_seen;
static int pids_now = -1;

static int first(const char *a, const char *b) {
  int fd = open(a, O_RDONLY | O_CLOEXEC);
  return fd >= 0 || b == NULL ? fd : open(b, O_RDONLY | O_CLOEXEC);
}

void open_usage(void) {
  if (access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0) {
    cpu = first("/sys/fs/cgroup/cpu.stat", NULL);
    memory = first("/sys/fs/cgroup/memory.peak", "/sys/fs/cgroup/memory.current");
    oom = first("/sys/fs/cgroup/memory.events", NULL);
    pids = first("/sys/fs/cgroup/pids.peak", NULL);
    pids_now = first("/sys/fs/cgroup/pids.current", NULL);
  } else {
    cpu_in_ns = true;
    cpu = first("/sys/fs/cgroup/cpuacct/cpuacct.usage", "/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage");
    memory = first("/sys/fs/cgroup/memory/memory.max_usage_in_bytes", NULL);
    oom = first("/sys/fs/cgroup/memory/memory.oom_control", NULL);
    pids = first("/sys/fs/cgroup/pids/pids.peak", NULL);
    pids_now = first("/sys/fs/cgroup/pids/pids.current", NULL);
  }
}

/* The number in a file, after a key that begins a line where one is given. */
static bool number_in(int fd, const char *key, uint64_t *value) {
  char text[2048];
  ssize_t length = fd < 0 ? -1 : pread(fd, text, sizeof text - 1, 0);
  if (length <= 0) return false;
  text[length] = 0;
  char *at = text;
  while (key != NULL && strncmp(at, key, strlen(key)) != 0) {
    at = strchr(at, '\n');
    if (at == NULL) return false;
    at++;
  }
  *value = strtoull(at + (key == NULL ? 0 : strlen(key)), NULL, 10);
  return true;
}

static uint64_t cpu_us(void) {
  uint64_t value;
  if (cpu_in_ns && number_in(cpu, NULL, &value)) return value / 1000;
  if (!cpu_in_ns && number_in(cpu, "usage_usec ", &value)) return value;
  struct rusage children;
  getrusage(RUSAGE_CHILDREN, &children);
  return (uint64_t)(children.ru_utime.tv_sec + children.ru_stime.tv_sec) * 1000000 +
         (uint64_t)(children.ru_utime.tv_usec + children.ru_stime.tv_usec);
}

static uint32_t oom_kills(void) {
  uint64_t value;
  return number_in(oom, "oom_kill ", &value) ? (uint32_t)value : 0;
}

void begin_usage(void) {
  cpu_before = cpu_us();
  oom_before = oom_kills();
  if (!number_in(pids, NULL, &pids_before)) pids_before = 0;
}

void look_at_processes(void) {
  uint64_t value;
  if (number_in(pids_now, NULL, &value) && value > pids_seen) pids_seen = value;
}

void end_usage(struct usage *usage) {
  uint64_t value;
  usage->cpu_us = cpu_us() - cpu_before;
  usage->oom_kills = oom_kills() - oom_before;
  struct rusage children;
  getrusage(RUSAGE_CHILDREN, &children);
  usage->memory_peak = number_in(memory, NULL, &value) ? value : (uint64_t)children.ru_maxrss * 1024;
  if (number_in(pids, NULL, &value) && value > pids_before) pids_seen = value;
  usage->pids_peak = pids_seen > 1 ? (uint32_t)pids_seen - 1 : 1; /* we are one of them */
}
