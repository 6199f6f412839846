import type { Scope } from "#contract/scopes.ts";
import type { Surface } from "#contract/surfaces.ts";

/** A port shows what an app chose to show; every other surface is as good as a shell. */
export function scopeOf(surface: Surface): Scope {
  return typeof surface === "number" ? "caves:ports" : "caves:exec";
}
