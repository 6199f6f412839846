import type { Example } from "./example.ts";

export const c: readonly Example[] = [
  {
    title: "Hello",
    shows: "compiled, then run",
    writes: "Hello from C",
    code: String.raw`#include <stdio.h>

int main(void) {
  printf("Hello from C, %s %s\n", __DATE__, __VERSION__);
}
`,
  },
  {
    title: "Reverse the lines",
    shows: "reads the input",
    writes: "tsohg",
    stdin: "ghost\ncave\n",
    code: String.raw`#include <stdio.h>
#include <string.h>

int main(void) {
  char line[4096];
  while (fgets(line, sizeof line, stdin)) {
    size_t length = strcspn(line, "\n");
    while (length--) putchar(line[length]);
    putchar('\n');
  }
}
`,
  },
  {
    title: "A stack",
    shows: "several files, arguments",
    args: "3 4 + 2 '*'",
    writes: "14",
    files: {
      "stack.h": String.raw`#include <stdlib.h>

static double cells[256];
static int top;

static void push(double value) {
  if (top == 256) abort();
  cells[top++] = value;
}

static double pop(void) {
  if (top == 0) abort();
  return cells[--top];
}
`,
    },
    code: String.raw`#include <stdio.h>
#include <stdlib.h>
#include "stack.h"

int main(int count, char **words) {
  for (int at = 1; at < count; at++) {
    char *end;
    double number = strtod(words[at], &end);
    if (end != words[at]) { push(number); continue; }
    double right = pop(), left = pop();
    switch (*words[at]) {
      case '+': push(left + right); break;
      case '-': push(left - right); break;
      case '*': push(left * right); break;
      case '/': push(left / right); break;
    }
  }
  printf("%g\n", pop());
}
`,
  },
  {
    title: "A missing bracket",
    shows: "the compiler's words",
    ends: "compile_error",
    writes: "expected",
    code: String.raw`#include <stdio.h>

int main(void) {
  puts("almost"
}
`,
  },
  {
    title: "A wild pointer",
    shows: "a signal",
    ends: "runtime_error",
    writes: "before",
    code: String.raw`#include <stdio.h>

int main(void) {
  puts("before");
  fflush(stdout);
  int *volatile nowhere = (int *)16;
  return *nowhere;
}
`,
  },
  {
    title: "Collatz",
    shows: "processor time",
    writes: "837799",
    code: String.raw`#include <stdio.h>

int main(void) {
  int best = 0, longest = 0;
  for (int start = 1; start < 1000000; start++) {
    long n = start;
    int steps = 0;
    for (; n != 1; steps++) n = n % 2 ? 3 * n + 1 : n / 2;
    if (steps > longest) { longest = steps; best = start; }
  }
  printf("%d takes %d steps\n", best, longest);
}
`,
  },
];
