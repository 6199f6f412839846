/**
 * `import` of node:http or node:crypto makes Node build a facade of all their exports, which runs the lazy ones and so loads undici and WebCrypto:
 * 6 MB of memory that an idle daemon would hold for nothing. This way costs none of it.
 */
export const http = process.getBuiltinModule("node:http");
export const crypto = process.getBuiltinModule("node:crypto");
