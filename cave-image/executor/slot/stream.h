/* The buffer of frames that wait to be sent: output is read from the code only when there is room. */
#ifndef STREAM_H
#define STREAM_H

#include <stddef.h>
#include <stdint.h>

enum { OUT_CAPACITY = 2 * (65536 + 16) };
extern size_t out_start, out_end;

size_t out_room(void);
/* Where the next frame's payload goes; `out_commit` makes it a frame. */
uint8_t *out_payload(void);
void out_commit(uint8_t type, uint32_t length);
/* As much as goes without waiting. */
void out_write(void);

#endif
