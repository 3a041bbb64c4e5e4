import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { ServerWords } from "./server-words.tsx";

const text = (words: string) =>
  renderToStaticMarkup(<ServerWords>{words}</ServerWords>).replace(/<[^>]+>/g, "");

it("writes days and moments as pages do, and leaves the rest as it is", () => {
  expect(text("Events of standard on demo until 2033-11-09, when their key goes.")).toBe(
    "Events of standard on demo until 9 Nov 2033, when their key goes.",
  );
  expect(text("Backups of before 2026-11-28T16:26:13.537Z: `audit-db privacy replay`.")).toBe(
    "Backups of before 28 Nov 2026, 16:26:13 UTC: audit-db privacy replay.",
  );
  expect(text("A legal hold #1 keeps it.")).toBe("A legal hold #1 keeps it.");
});
