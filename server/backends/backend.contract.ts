import { describe } from "vitest";
import { closingContract } from "./contract/closing.ts";
import { execContract } from "./contract/exec.ts";
import type { Fixture } from "./contract/fixture.ts";
import { lifecycleContract } from "./contract/lifecycle.ts";
import { streamsContract } from "./contract/streams.ts";

/**
 * What every backend must do, on real things. A backend's test is one call of this, besides its own oddities; whoever passes may be
 * put in another's place.
 */
export function backendContract(name: string, open: () => Promise<Fixture>): void {
  describe(`the backend contract: ${name}`, () => {
    lifecycleContract(open);
    execContract(open);
    streamsContract(open);
    closingContract(open);
  });
}
