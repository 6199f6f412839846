import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Readable } from "node:stream";
import { extract, pack } from "tar-stream";
import { expect, it } from "vitest";
import { soon } from "../../../backends/contract/fixture.ts";
import { code, describeBareCaves } from "../testing/bare-caves.ts";

describeBareCaves("changing and searching files", (cave) => {
  it("removes, moves and makes folders by the rules", async () => {
    await cave.sh("mkdir -p rules/full/x rules/empty; cd rules; echo a > a; echo b > b; ln -s full link");
    const move = (from: string, to: string, overwrite = false) =>
      cave.guest.moveFile({ from: `rules/${from}`, to: `rules/${to}`, overwrite, mkdirs: false }, soon());
    await expect(cave.guest.removeFile("rules/full", { recursive: false }, soon())).rejects.toEqual(
      code("file_exists"),
    );
    await expect(cave.guest.removeFile("rules/none", { recursive: false }, soon())).rejects.toEqual(
      code("file_not_found"),
    );
    await expect(move("a", "b")).rejects.toEqual(code("file_exists"));
    await expect(move("a", "full", true)).rejects.toEqual(code("file_kind"));
    await expect(move("full", "a", true)).rejects.toEqual(code("file_kind"));
    await expect(move("none", "c")).rejects.toEqual(code("file_not_found"));
    await expect(move("a", "no/such")).rejects.toEqual(code("file_not_found"));
    await expect(move("full", "full/x/y")).rejects.toEqual(code("invalid_input"));
    expect(await move("a", "b", true)).toMatchObject({ name: "b", kind: "file" });
    expect(await move("full", "empty", true)).toMatchObject({ name: "empty", kind: "folder" });
    expect(await move("b", "link", true)).toMatchObject({ name: "link", kind: "file" });
    expect(await cave.sh("find rules | sort")).toBe("rules\nrules/empty\nrules/empty/x\nrules/link\n");
    await cave.guest.removeFile("rules", { recursive: true }, soon());

    expect(await cave.guest.makeFolder({ path: "made/deep", parents: true }, soon())).toMatchObject({
      kind: "folder",
      path: "/workspace/made/deep",
    });
    await cave.guest.makeFolder({ path: "made/deep", parents: true }, soon());
    await expect(cave.guest.makeFolder({ path: "made/deep", parents: false }, soon())).rejects.toEqual(
      code("file_exists"),
    );
    await expect(cave.guest.makeFolder({ path: "un/made", parents: false }, soon())).rejects.toEqual(
      code("file_not_found"),
    );
    await expect(cave.guest.removeFile("/etc/passwd", { recursive: false }, soon())).rejects.toEqual(
      code("file_denied"),
    );
  });

  it("finds text with its place", async () => {
    await cave.put("search/a.ts", 'const ünï = "needle";\nno\nNeedle\n', { mkdirs: true });
    await cave.put("search/deep/b:1\n.txt", "a.b needle\r\n", { mkdirs: true });
    await cave.put("search/x=1.txt", "a+b\n");
    await cave.put("b:search/%FF", "needle");
    const search = (input: object) =>
      cave.guest.searchFiles(
        { path: "search", query: "needle", regex: false, caseSensitive: true, maxResults: 100, ...input },
        soon(),
      );
    const { matches, truncated } = await search({});
    expect(truncated).toBe(false);
    expect(matches.toSorted((one, other) => (one.path < other.path ? -1 : 1))).toEqual([
      { path: "/workspace/search/a.ts", line: 1, column: 14, text: 'const ünï = "needle";' },
      { path: "/workspace/search/deep/b:1\n.txt", line: 1, column: 5, text: "a.b needle" },
      { path: "b:/workspace/search/%FF", line: 1, column: 1, text: "needle" },
    ]);
    expect((await search({ caseSensitive: false, glob: "*.ts" })).matches.map(({ line }) => line)).toEqual([
      1, 3,
    ]);
    expect(
      (await search({ query: "N[A-F]+DL", regex: true, caseSensitive: false, path: "search/a.ts" })).matches,
    ).toHaveLength(2);
    expect((await search({ glob: "deep/**" })).matches).toHaveLength(1);
    expect((await search({ query: "a+b" })).matches).toMatchObject([{ path: "/workspace/search/x=1.txt" }]);
    expect(await search({ maxResults: 1 })).toMatchObject({ truncated: true, matches: [{}] });
    await expect(search({ query: "a(", regex: true })).rejects.toEqual(code("invalid_input"));
    await expect(search({ path: "nowhere" })).rejects.toEqual(code("file_not_found"));
  });

  it("packs and unpacks", async () => {
    await cave.put("packed/in/file", "inside", { mkdirs: true });
    const names: string[] = [];
    const unpacked = extract();
    unpacked.on("entry", ({ name }, stream, next) => {
      names.push(name);
      stream.on("end", next).resume();
    });
    (await cave.guest.readArchive("packed", soon())).pipe(unpacked);
    await once(unpacked, "finish");
    expect(names.sort()).toEqual(["./", "./in/", "./in/file"]);
    await expect(cave.guest.readArchive("nowhere", soon())).rejects.toEqual(code("file_not_found"));

    const tar = pack();
    tar.entry({ name: "a b/c" }, "content");
    tar.finalize();
    await cave.guest.writeArchive("b:un/%FF", Readable.from(tar), soon());
    expect((await cave.get("b:un/%FF/a%20b/c")).toString()).toBe("content");
    await expect(cave.guest.writeArchive("un", Readable.from([randomBytes(5000)]), soon())).rejects.toEqual(
      code("bad_request"),
    );
    await expect(
      cave.guest.writeArchive("/etc/x", Readable.from([Buffer.alloc(1024)]), soon()),
    ).rejects.toEqual(code("file_denied"));
  });
});
