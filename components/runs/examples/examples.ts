import { bash } from "./bash.ts";
import { c } from "./c.ts";
import { cpp } from "./cpp.ts";
import type { Example } from "./example.ts";
import { go } from "./go.ts";
import { java } from "./java.ts";
import { javascript } from "./javascript.ts";
import { php } from "./php.ts";
import { python } from "./python.ts";
import { ruby } from "./ruby.ts";
import { rust } from "./rust.ts";
import { typescript } from "./typescript.ts";

/** By the language's name. One that is not here begins with the API's own example. */
export const examples: Readonly<Record<string, readonly Example[]>> = {
  ...{ python, javascript, typescript, bash, c, cpp, go, java, ruby, php, rust },
};
