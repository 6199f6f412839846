import { execFileSync } from "node:child_process";
import { chmod, lstat, mkdir, readFile, readdir, unlink, writeFile } from "node:fs/promises";
import { describe, expect, it, vi, beforeEach } from "vitest";
import { codeOf, FileDaemon } from "../testing/files.ts";

const isRoot = process.getuid?.() === 0;
const files = FileDaemon.forTests();

describe("folders", () => {
  it("are listed by name, as deep as asked, with links as links", async () => {
    await files.run("mkdir -p a/b/c; echo 12345 > a/file; ln -s a link; mkfifo pipe");
    const shallow = await files.list(files.folder);
    expect(shallow.entries.map(({ name, kind, target }) => [name, kind, target])).toEqual([
      ["a", "folder", undefined],
      ["link", "link", "a"],
      ["pipe", "other", undefined],
    ]);
    const [a] = (await files.list(files.folder, 3)).entries;
    expect(a?.children?.map(({ path, sizeBytes }) => [path, sizeBytes > 0])).toEqual([
      [`${files.folder}/a/b`, true],
      [`${files.folder}/a/file`, true],
    ]);
    expect(a?.children?.[0]?.children?.[0]?.name).toBe("c");
    expect(codeOf(await files.daemon.request("GET", `/files/folder?path=${files.folder}/a/file`))).toEqual([
      422,
      "file_kind",
    ]);
    expect((await files.daemon.request("GET", `/files/stat?path=${files.folder}/link`)).json).toMatchObject({
      kind: "folder",
    });
  });

  it("of any size are listed in part", async () => {
    await files.run("seq 1 10050 | xargs touch");
    const { entries, truncated } = await files.list(files.folder);
    expect([entries.length, truncated]).toEqual([10_000, true]);
  });

  it("are made, moved and removed", async () => {
    expect((await files.post("mkdir", { path: `${files.folder}/p/q`, parents: true })).json).toMatchObject({
      kind: "folder",
    });
    expect(codeOf(await files.post("mkdir", { path: `${files.folder}/p`, parents: false }))).toEqual([
      422,
      "file_exists",
    ]);
    await files.put(`${files.folder}/p/q/f`, "x");
    await files.put(`${files.folder}/other`, "y");
    expect(
      codeOf(await files.post("move", { from: `${files.folder}/other`, to: `${files.folder}/p/q/f` })),
    ).toEqual([422, "file_exists"]);
    expect(
      (
        await files.post("move", {
          from: `${files.folder}/other`,
          to: `${files.folder}/p/q/f`,
          overwrite: true,
        })
      ).status,
    ).toBe(200);
    expect(
      (await files.post("move", { from: `${files.folder}/p`, to: `${files.folder}/n/e/w`, mkdirs: true }))
        .status,
    ).toBe(200);
    expect(await readFile(`${files.folder}/n/e/w/q/f`, "utf8")).toBe("y");

    expect(codeOf(await files.remove(`${files.folder}/n`))).toEqual([422, "file_exists"]);
    await files.run("touch $'n/\\xff'; ln -s / n/root");
    expect((await files.remove(`${files.folder}/n`, { recursive: 1 })).status).toBe(200);
    expect(codeOf(await files.remove(`${files.folder}/n`))).toEqual([422, "file_not_found"]);
    expect(await readdir(files.folder)).toEqual([]);
  });
});

describe("archives", () => {
  it("go out and come in with names, modes and links", async () => {
    await files.run(
      "mkdir -p in/sub; echo 1 > in/one; chmod 750 in/one; ln -s one in/link; touch $'in/sub/\\xff'",
    );
    const tar = await files.daemon.request("GET", `/files/archive?path=${files.folder}/in`);
    expect(
      (await files.daemon.request("PUT", `/files/archive?path=${files.folder}/out/deep`, tar.body)).status,
    ).toBe(200);
    const differences = await files.run(
      "diff -r --no-dereference in out/deep && stat -c %a out/deep/one && ls -b out/deep/sub",
    );
    expect(differences).toBe("750\n\\377\n");
    const one = await files.daemon.request("GET", `/files/archive?path=${files.folder}/in/one`);
    expect(execFileSync("tar", ["-tf", "-"], { input: one.body }).toString()).toBe("one\n");
    expect(codeOf(await files.daemon.request("GET", `/files/archive?path=${files.folder}/none`))).toEqual([
      422,
      "file_not_found",
    ]);
  });

  it("cannot write outside of where they are unpacked, nor make devices", async () => {
    await mkdir(`${files.folder}/stage`);
    await mkdir(`${files.folder}/victim`);
    await chmod(`${files.folder}/victim`, 0o777);
    const build = (script: string) => execFileSync("sh", ["-c", script], { cwd: `${files.folder}/stage` });
    const absolute = build(`touch x; tar -P --transform 's,x,${files.folder}/victim/absolute,' -cf - x`);
    const climbing = build("tar -P --transform 's,x,../victim/climbing,' -cf - x");
    const linked = build(
      `ln -s ../victim gate; mkdir other; touch other/through; tar -cf - gate > l.tar; tar --transform 's,other/,gate/,' -rf l.tar other/through; cat l.tar`,
    );
    for (const tar of [absolute, climbing, linked])
      await files.daemon.request("PUT", `/files/archive?path=${files.folder}/target`, tar);
    expect(await readdir(`${files.folder}/victim`)).toEqual([]);
    if (isRoot) {
      const device = build("mknod dev c 1 3; tar -cf - dev");
      expect(
        codeOf(await files.daemon.request("PUT", `/files/archive?path=${files.folder}/devices`, device)),
      ).toEqual([422, "file_denied"]);
      expect(await readdir(`${files.folder}/devices`)).toEqual([]);
    }
    expect(
      codeOf(
        await files.daemon.request(
          "PUT",
          `/files/archive?path=${files.folder}/bad`,
          "this is no archive at all",
        ),
      ),
    ).toEqual([422, "bad_request"]);
  });

  it("are not gathered in memory on the way", async () => {
    await files.run("head -c 300000000 /dev/zero > large");
    const res = await files.daemon.open("GET", `/files/archive?path=${files.folder}/large`);
    const before = await files.rssMb();
    let size = 0;
    for await (const chunk of res as AsyncIterable<Buffer>) size += chunk.length;
    expect(size).toBeGreaterThan(300_000_000);
    expect((await files.rssMb()) - before).toBeLessThan(64);
  });
});

describe("searching and replacing", () => {
  beforeEach(async () => {
    await files.run(
      "mkdir -p src .git; printf 'one fish\\ntwo Fish\\nred' > src/a.txt; printf 'x.fish = 1\\n' > src/b.ts; printf 'fish' > .git/c; printf 'a\\0fish' > bin",
    );
  });

  it("finds text, by expression and by name too", async () => {
    const search = async (more: object) =>
      (await files.post("search", { path: files.folder, query: "fish", ...more })).json as {
        matches: { path: string; line: number; column: number; text: string }[];
        truncated: boolean;
      };
    const all = await search({});
    expect(all.matches.sort((a, b) => a.path.localeCompare(b.path))).toEqual([
      { path: `${files.folder}/src/a.txt`, line: 1, column: 5, text: "one fish" },
      { path: `${files.folder}/src/b.ts`, line: 1, column: 3, text: "x.fish = 1" },
    ]);
    expect((await search({ caseSensitive: false })).matches).toHaveLength(3);
    expect((await search({ glob: "*.ts" })).matches).toHaveLength(1);
    expect((await search({ query: "^t.o", regex: true })).matches.map(({ line }) => line)).toEqual([2]);
    expect((await search({ path: `${files.folder}/src/a.txt` })).matches).toHaveLength(1);
    expect((await search({ query: "x.f", path: files.folder })).matches).toHaveLength(1);
    expect(await search({ maxResults: 1 })).toMatchObject({ truncated: true });
    expect((await search({ query: "--help" })).matches).toEqual([]);
    expect(codeOf(await files.post("search", { path: files.folder, query: "(", regex: true }))).toEqual([
      422,
      "invalid_input",
    ]);
    expect(codeOf(await files.post("search", { path: `${files.folder}/none`, query: "x" }))).toEqual([
      422,
      "file_not_found",
    ]);
  });

  it("replaces in text files only, and says where", async () => {
    await chmod(`${files.folder}/src/a.txt`, 0o600);
    const asked = { path: files.folder, query: "fish", replacement: "$& & $1", caseSensitive: false };
    const dry = (await files.post("replace", { ...asked, dryRun: true })).json as { replacements: number };
    expect(dry.replacements).toBe(3);
    expect(await readFile(`${files.folder}/src/a.txt`, "utf8")).toContain("one fish");
    expect((await files.post("replace", asked)).json).toMatchObject({ replacements: 3 });
    expect(await readFile(`${files.folder}/src/a.txt`, "utf8")).toBe("one $& & $1\ntwo $& & $1\nred");
    expect((await lstat(`${files.folder}/src/a.txt`)).mode & 0o777).toBe(0o600);
    expect(await readFile(`${files.folder}/bin`, "latin1")).toBe("a\0fish");

    const expression = {
      path: `${files.folder}/src/b.ts`,
      query: "(\\w)\\.\\S+",
      replacement: "$1.bird",
      regex: true,
    };
    expect((await files.post("replace", expression)).json).toEqual({
      files: [{ path: `${files.folder}/src/b.ts`, replacements: 1 }],
      replacements: 1,
    });
    expect(codeOf(await files.post("replace", { ...expression, query: "(" }))).toEqual([
      422,
      "invalid_input",
    ]);
  });
});

describe("watching", () => {
  it("tells what is made, changed and removed, also in new folders, and nothing of uploads", async () => {
    const res = await files.daemon.open("GET", `/files/watch?path=${files.folder}`);
    let text = "";
    res.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    res.on("error", () => undefined);
    const seen = () =>
      text
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as object);
    await writeFile(`${files.folder}/probe`, "");
    await vi.waitFor(() =>
      expect(seen()).toContainEqual({ path: `${files.folder}/probe`, change: "created", kind: "file" }),
    );

    await files.put(`${files.folder}/probe`, "new text");
    await vi.waitFor(() =>
      expect(seen()).toContainEqual({ path: `${files.folder}/probe`, change: "changed", kind: "file" }),
    );
    await files.run("mkdir -p deep/er; touch deep/er/file $'\\xff'");
    await vi.waitFor(() => {
      expect(seen()).toContainEqual({
        path: `${files.folder}/deep/er/file`,
        change: "created",
        kind: "file",
      });
      expect(seen()).toContainEqual({ path: `b:${files.folder}/%FF`, change: "created", kind: "file" });
    });
    await unlink(`${files.folder}/probe`);
    await vi.waitFor(() =>
      expect(seen()).toContainEqual({ path: `${files.folder}/probe`, change: "removed" }),
    );
    expect(text).not.toContain("ghost-upload");
    res.destroy();
  });
});
