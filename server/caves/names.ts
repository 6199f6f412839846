import { randomInt } from "node:crypto";

const adjectives =
  "amber ample bold brave brisk calm clear cosy deep dusky eager early fair fine fond gentle glad grand happy hidden keen kind lively lofty lucid lunar mellow merry mighty misty neat noble nimble open polar prime proud quick quiet rapid ripe royal rustic serene sharp silent smooth snowy solid spry steady still stout sunny swift tidy vast vivid warm wise witty young".split(
    " ",
  );
const nouns =
  "arch aspen badger basin beacon birch bison brook canyon cedar cliff comet coral crane creek dale delta dune falcon fern fjord flint forest fox geyser glade grotto grove harbor hazel heron hollow island jade juniper lagoon lake lantern lark ledge lynx maple marsh meadow mesa moss oak orchard otter owl pebble pine plain quarry raven reef ridge river robin shore slate spring spruce stone summit thicket tundra vale walnut willow".split(
    " ",
  );

/** A name that is easy to say; with a number once the plain ones are getting rare. */
export function suggestName(attempt: number): string {
  const pick = (words: readonly string[]) => words[randomInt(words.length)] ?? "cave";
  const name = `${pick(adjectives)}-${pick(nouns)}`;
  return attempt < 3 ? name : `${name}-${randomInt(2, 10_000)}`;
}
