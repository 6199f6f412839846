/* What no program of a run needs and kernels have had holes in. On top of the engine's own profile, and there when it has none. */
#define _GNU_SOURCE
#include "slot.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "Say which system calls this machine has."
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ANSWER(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define REFUSE(call, error) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1), ANSWER(error)
#define NAMESPACES                                                                                               \
  (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

static const struct sock_filter rules[] = {
    LOAD(arch),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
    ANSWER(ENOSYS),
    LOAD(nr),
#if defined(__x86_64__)
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), /* x32 */
    ANSWER(ENOSYS),
#endif
    /* Rules cannot see clone3's flags; programs fall back to clone. */
    REFUSE(SYS_clone3, ENOSYS),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4),
    LOAD(args[0]),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NAMESPACES, 0, 1),
    ANSWER(EPERM),
    ALLOW,
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 7),
    LOAD(args[0]),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 4, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 3, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 2, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 1, 0),
    ANSWER(EAFNOSUPPORT),
    ALLOW,
    REFUSE(SYS_ptrace, EPERM),
    REFUSE(SYS_process_vm_readv, EPERM),
    REFUSE(SYS_process_vm_writev, EPERM),
    REFUSE(SYS_unshare, EPERM),
    REFUSE(SYS_setns, EPERM),
    REFUSE(SYS_mount, EPERM),
    REFUSE(SYS_umount2, EPERM),
    REFUSE(SYS_pivot_root, EPERM),
    REFUSE(SYS_chroot, EPERM),
    REFUSE(SYS_open_tree, EPERM),
    REFUSE(SYS_move_mount, EPERM),
    REFUSE(SYS_fsopen, EPERM),
    REFUSE(SYS_fsconfig, EPERM),
    REFUSE(SYS_fsmount, EPERM),
    REFUSE(SYS_fspick, EPERM),
    REFUSE(SYS_keyctl, EPERM),
    REFUSE(SYS_add_key, EPERM),
    REFUSE(SYS_request_key, EPERM),
    REFUSE(SYS_bpf, EPERM),
    REFUSE(SYS_perf_event_open, EPERM),
    REFUSE(SYS_userfaultfd, EPERM),
    REFUSE(SYS_io_uring_setup, EPERM),
    REFUSE(SYS_io_uring_enter, EPERM),
    REFUSE(SYS_io_uring_register, EPERM),
    REFUSE(SYS_open_by_handle_at, EPERM),
    REFUSE(SYS_name_to_handle_at, EPERM),
    REFUSE(SYS_kexec_load, EPERM),
    REFUSE(SYS_kexec_file_load, EPERM),
    REFUSE(SYS_init_module, EPERM),
    REFUSE(SYS_finit_module, EPERM),
    REFUSE(SYS_delete_module, EPERM),
    REFUSE(SYS_reboot, EPERM),
    REFUSE(SYS_swapon, EPERM),
    REFUSE(SYS_swapoff, EPERM),
    REFUSE(SYS_syslog, EPERM),
    REFUSE(SYS_acct, EPERM),
    REFUSE(SYS_quotactl, EPERM),
    REFUSE(SYS_settimeofday, EPERM),
    REFUSE(SYS_clock_settime, EPERM),
    REFUSE(SYS_fanotify_init, EPERM),
    ALLOW,
};

int filter_system_calls(void) {
  struct sock_fprog program = {sizeof rules / sizeof *rules, (struct sock_filter *)rules};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}
