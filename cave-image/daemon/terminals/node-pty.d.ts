declare module "@lydell/node-pty/requireBinary.js" {
  export function requireBinary(name: string): unknown;
}
