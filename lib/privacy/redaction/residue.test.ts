import { expect, test } from "vitest";
import { type ResidueFacts, tellResidue } from "./residue.ts";

const facts: ResidueFacts = {
  lsn: "0/16B3748",
  at: "2026-11-28T01:00:00.000Z",
  archived: false,
  slots: [],
  publications: [],
  standbys: 0,
};

test("what may hold a value still is named, with until when", () => {
  expect(tellResidue(facts)).toEqual([
    "The server's write-ahead log holds the values before 0/16B3748 until checkpoints have recycled it.",
    "Backups of before 2026-11-28T01:00:00.000Z hold them until you delete those: after a restore, `audit-db privacy replay` takes the values out again.",
  ]);
  const all = tellResidue({
    ...facts,
    archived: true,
    slots: [{ name: "warehouse", behindBytes: 4_096 }],
    publications: ["reports"],
    standbys: 2,
  });
  expect(all[1]).toMatch(/^Archived log and base backups of before 2026-11-28T01:00:00.000Z hold them until/);
  expect(all.slice(2)).toEqual([
    "Slot warehouse keeps that log until it has read past 0/16B3748; it is 4096 bytes behind.",
    expect.stringMatching(/^Subscribers of the publication reports were sent the values\./),
    "2 standbys follow; one that is behind holds them until it has replayed 0/16B3748.",
  ]);
});
