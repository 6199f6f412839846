import { expect, it } from "vitest";
import { chosenPorts } from "./chosen-ports.ts";

it("leaves out what programs took for themselves, and names every port once", () => {
  const listening = [
    { port: 3000, address: "127.0.0.1" },
    { port: 3000, address: "::1" },
    { port: 8888, address: "0.0.0.0" },
    // A notebook's kernel has these for its own wires; a server that is open to all may have asked for any port.
    { port: 34_567, address: "127.0.0.1" },
    { port: 45_001, address: "::1" },
    { port: 45_678, address: "0.0.0.0" },
  ];
  expect(chosenPorts(listening).map(({ port }) => port)).toEqual([3000, 8888, 45_678]);
});
