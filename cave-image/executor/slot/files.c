/* Files of a run, written below /work as the code's user. Nothing of the code runs yet, so nothing there can be a trap. */
#include "slot.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_file(char *path) {
  int folder = open("/work", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  for (char *slash; folder >= 0 && (slash = strchr(path, '/')) != NULL; path = slash + 1) {
    *slash = 0;
    if (*path == 0 || strcmp(path, ".") == 0 || strcmp(path, "..") == 0) {
      close(folder);
      errno = EINVAL;
      return -1;
    }
    if (mkdirat(folder, path, 0755) < 0 && errno != EEXIST) {
      close(folder);
      return -1;
    }
    int next = openat(folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    close(folder);
    folder = next;
  }
  if (folder < 0) return -1;
  int file = openat(folder, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
  int error = errno;
  close(folder);
  errno = error;
  return file;
}

static int write_file(const uint8_t *payload, uint32_t length) {
  char path[4097];
  size_t name = length < 2 ? 0 : (size_t)payload[0] << 8 | payload[1];
  if (name == 0 || name >= sizeof path || name + 2 > length || memchr(payload + 2, 0, name) != NULL) {
    errno = EINVAL;
    return -1;
  }
  memcpy(path, payload + 2, name);
  path[name] = 0;
  int file = open_file(path);
  if (file < 0) return -1;
  const uint8_t *from = payload + 2 + name;
  for (size_t left = length - 2 - name; left > 0;) {
    ssize_t done = write(file, from, left);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) {
      int error = errno;
      close(file);
      errno = error;
      return -1;
    }
    from += done;
    left -= (size_t)done;
  }
  return close(file);
}

int materialise(const uint8_t *payload, uint32_t length) {
  mode_t mask = umask(022);
  setfsgid(code_uid);
  setfsuid(code_uid);
  int result = write_file(payload, length);
  int error = errno;
  setfsuid(0);
  setfsgid(0);
  umask(mask);
  errno = error;
  return result;
}
