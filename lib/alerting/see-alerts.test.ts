import { expect, test } from "vitest";
import { withoutStatement } from "./see-alerts.ts";

test("why a look failed names no statement of ours", () => {
  expect(withoutStatement("connections.blockers failed: the server gave up after its time limit.")).toBe(
    "The server gave up after its time limit.",
  );
  expect(withoutStatement("privacy.deadlines had no answer within 5000 ms.")).toBe(
    "No answer within 5000 ms.",
  );
  expect(withoutStatement("The check did not answer within 20 s.")).toBe(
    "The check did not answer within 20 s.",
  );
});
