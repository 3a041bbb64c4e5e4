import { describe, expect, test } from "vitest";
import { product } from "./testing/sources.ts";

describe("house rules", () => {
  test("what may come from another of Next's bundles is not asked for its class", () => {
    // Plain Node has one copy of every class, and so has a browser; AppError goes by a brand.
    const onePlace = /^lib\/(client|cli|start|demo|testing)\/|^components\//;
    const known = /^(AppError|Error|AggregateError|Date|Map|Set|Promise|Element|HTMLElement)$/;
    const found = product
      .filter((s) => !onePlace.test(s.file))
      .flatMap((s) => {
        const classes = [...s.text.matchAll(/\binstanceof ([\w.]+)/g)].map(([, name = ""]) => name);
        const ofNode = [...s.text.matchAll(/^import \{([^}]*)\} from "node:/gm)]
          .map(([, names]) => names)
          .join();
        const foreign = classes.filter(
          (name) =>
            !known.test(name) && !s.text.includes(`class ${name} `) && !ofNode.split(/\W+/).includes(name),
        );
        return foreign.map((name) => `${s.file}: ${name}`);
      });
    expect(found).toEqual([]);
  });

  test("what leaves by a door is answered by answerError, so that INTERNAL is logged", () => {
    const found = product
      .filter((s) => /\btoResultError\b/.test(s.text))
      .map((s) => s.file)
      .filter((file) => !/^lib\/(result|answer-error)\.ts$/.test(file));
    // The command line's door is its standard error.
    expect(found).toEqual(["lib/cli/report-error.ts"]);
  });

  test("process.env is read in lib/env.ts only", () => {
    const found = product
      .filter((s) => /process\.env\b/.test(s.text) && s.file !== "lib/env.ts")
      .map((s) => s.file);
    expect(found).toEqual([]);
  });

  test("a log is made in one place, which every entry of a process calls", () => {
    const found = product.filter((s) => /\bcreateLogger\b/.test(s.text)).map((s) => s.file);
    expect(found.sort()).toEqual(["lib/log/log.ts", "lib/log/process-logger.ts"]);
    const opening = product.filter((s) => /\bopenLog\(/.test(s.text)).map((s) => s.file);
    expect(opening.sort()).toEqual([
      "lib/cli/main.ts",
      "lib/demo/main.ts",
      "lib/log/process-logger.ts",
      "lib/start/main.ts",
      "lib/start/prepare-web.ts",
      "lib/web.ts",
      "lib/worker.ts",
    ]);
  });

  test("advisory locks go by the names of the two lists", () => {
    const found = product
      .filter((s) => /4_?711_?00\d|advisory\w*lock\w*\(\s*[\d(]/.test(s.text))
      .map((s) => s.file);
    expect(found.sort()).toEqual(["lib/audit-db/locks.ts", "lib/db/locks.ts"]);
  });

  test("one place opens the driver, so that every session has the settings of the list", () => {
    const opening = product.filter((s) => /(?<![\w.:/])postgres\((?!ql|\?:)/.test(s.text)).map((s) => s.file);
    expect(opening).toEqual(["lib/audit-db/pool/open-client.ts"]);
  });

  test("no cursors: the driver answers the next caller wrongly when a value of one cannot be read", () => {
    expect(product.filter((s) => /\.cursor\(/.test(s.text)).map((s) => s.file)).toEqual([]);
  });

  test("no barrels, no utils, no helpers, no common", () => {
    const found = product
      .filter((s) => /(^|\/)(index|utils?|helpers?|common)(\.|\/)/.test(s.file))
      .map((s) => s.file);
    expect(found).toEqual([]);
  });

  test("files are kebab-case", () => {
    const name = /^(\[{1,2}(\.\.\.)?[\w-]+\]{1,2}|\([\w-]+\)|[a-z0-9]+(-[a-z0-9]+)*)((\.[a-z0-9-]+)*)$/;
    const found = product
      .filter((s) => s.file.split("/").some((part) => !name.test(part)))
      .map((s) => s.file);
    expect(found).toEqual([]);
  });

  test("pages are glue: at most 40 lines", () => {
    const found = product
      .filter((s) => /^app\/.*page\.tsx$/.test(s.file) && s.text.trimEnd().split("\n").length > 40)
      .map((s) => s.file);
    expect(found).toEqual([]);
  });
});
