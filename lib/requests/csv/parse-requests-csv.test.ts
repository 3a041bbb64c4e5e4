import { expect, test } from "vitest";
import { toAppError } from "../../errors.ts";
import { mostLines, parseRequestsCsv } from "./parse-requests-csv.ts";

const berlin = "Europe/Berlin";
const read = (text: string) => parseRequestsCsv(text, berlin);
const refusal = (text: string) => {
  try {
    read(text);
  } catch (thrown) {
    const { code, message, fields, hint } = toAppError(thrown);
    return { code, message, fields, hint };
  }
  throw new Error("it was taken");
};

test("columns in any order, lists with a bar between, a day that begins in the controller's time zone", () => {
  const rows = read(
    [
      "Email;kind;Received-At;id;organizations;letter;regime",
      'a@example.test|b@example.test;access;2026-07-01;p-1|p-2;acme|beta;"Two lines,',
      'and ""quotes"" in them.";uk',
      "",
      "c@example.test;erasure;2026-07-01T10:00:00+02:00;;;;",
    ].join("\r\n"),
  );
  expect(rows).toMatchObject([
    {
      line: 3,
      given: {
        kind: "access",
        regime: "uk",
        receivedAt: new Date("2026-06-30T22:00:00Z"),
        organizations: ["acme", "beta"],
        targets: [],
        person: {
          identifiers: [
            { kind: "id", value: "p-1" },
            { kind: "id", value: "p-2" },
            { kind: "email", value: "a@example.test" },
            { kind: "email", value: "b@example.test" },
          ],
          name: null,
          letter: 'Two lines,\nand "quotes" in them.',
        },
      },
    },
    { given: { kind: "erasure", receivedAt: new Date("2026-07-01T08:00:00Z") } },
  ]);
});

test("each line that is wrong is named with its column, and nothing that stands in it is repeated", () => {
  const { code, message, fields } = refusal(
    "kind,received_at,email,name\naccess,,secret@example.test,\nforget,yesterday,secret@example.test,\nerasure,,,Secret Person\nerasure,,x\n",
  );
  expect(code).toBe("BAD_INPUT");
  expect(message).toContain("3 of 4 cannot be taken, so nothing was.");
  expect(fields).toEqual({
    "line 3": expect.stringMatching(/kind: .*received_at: /),
    "line 4": "needs one of id, email, phone, ip, other",
    "line 5": "has 3 cells where the first line has 4",
  });
  expect(JSON.stringify([message, fields])).not.toMatch(/secret|forget|yesterday/i);
});

test("what is no such file says so", () => {
  expect(refusal("").message).toBe("The file is empty.");
  expect(refusal("kind,email\n").message).toContain("no request");
  expect(refusal("email\na@example.test").message).toContain("lacks the column kind");
  expect(refusal("kind,kind\naccess,access").message).toContain("names kind twice");
  expect(refusal("kind,secret@example.test\naccess,x")).toMatchObject({
    message: "The first line names no column of ours at 2.",
    hint: expect.stringContaining("received_at"),
  });
  expect(refusal('kind,email\naccess,"secret@example.test\n')).toMatchObject({
    message: expect.stringContaining("never closed"),
  });
  expect(refusal('kind,email\naccess,"secret"@example.test\n').message).toContain("written twice");
  const many = `kind,email\n${"access,a@example.test\n".repeat(mostLines + 1)}`;
  expect(refusal(many).message).toContain(`at most ${mostLines}`);
});
