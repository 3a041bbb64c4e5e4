import postgres from "postgres";
import { expectAccessible, expectNoOverflow } from "./support/page-checks.ts";
import { asSuperuser, drawer, makeMonths, makeSchema, panel, step } from "./support/partition-tables.ts";
import { expect, test } from "./support/test.ts";
import { world } from "./support/world.ts";

const patience = { timeout: 30_000 };
const of = (table: string) => `/audit/partitions?table=e2e_plans.${table}&refresh=2s`;

/** A session that keeps others from changing the table's structure; readers and writers go on. */
async function holdStructure(table: string): Promise<() => Promise<void>> {
  const sql = postgres(world().auditUrl, {
    max: 1,
    onnotice: () => {},
    connection: { application_name: "e2e-holder" },
  });
  const session = await sql.reserve();
  await session`begin`;
  await session.unsafe(`lock table e2e_plans.${table} in share update exclusive mode`);
  return async () => {
    await session`rollback`;
    session.release();
    await sql.end();
  };
}

test.beforeAll(() =>
  asSuperuser(async (sql) => {
    await makeSchema(sql, "e2e_plans");
    await makeMonths(sql, "e2e_plans.gappy", [-3, -2, 0, 1]);
    for (const table of ["held", "moved", "kept"]) await makeMonths(sql, `e2e_plans.${table}`, [-1, 0]);
  }),
);
test.afterAll(() => asSuperuser((sql) => sql.unsafe("drop schema if exists e2e_plans cascade")));

test("a gap is filled from the strip with the keyboard alone, and a second session sees it live", async ({
  page,
  signIn,
  newPage,
  auditSql,
}) => {
  const release = await holdStructure("gappy");
  try {
    await signIn("operator", of("gappy"));
    const gap = panel(page, "strip").locator("[data-gap]");
    await expect(gap).toHaveAccessibleName(/^Gap, .*: plan the missing partitions$/, patience);
    await panel(page, "strip").locator('[data-stop][tabindex="0"]').focus();
    await page.keyboard.press("ArrowLeft");
    await expect(gap).toBeFocused();
    await page.keyboard.press("Enter");
    const plan = drawer(page, /^Create 1 partition of /);
    await expect(plan).toContainText("nothing has happened yet");
    await expect(plan).toContainText("ATTACH PARTITION");
    // Whoever is in the way now is named, with the way to the session.
    await expect(plan.getByRole("region", { name: "In the way now" })).toContainText("e2e-holder");
    await expect(plan.getByRole("link", { name: /^pid \d+$/ })).toHaveAttribute(
      "href",
      /\/connections\?session=\d+/,
    );
    await expect(panel(page, "strip").locator('[data-work="pending"]')).toHaveCount(1);
    await expectAccessible(page);
    await plan.getByLabel("Reason (optional)").focus();
    await page.keyboard.type("Ticket AUD-1234: the gap of last month");
    await page.keyboard.press("Enter");
    const work = drawer(page, /^Create partitions of /);
    await expect(step(work)).toContainText("contended", patience);
    await expect(step(work)).toContainText("e2e-holder");
    await expect(page).toHaveURL(/plan=[0-9a-f-]{36}/);

    // Leaving ends nothing; another session sees the same without having been told.
    await page.keyboard.press("Escape");
    await expect(work).toBeHidden();
    const other = await newPage({ storageState: await page.context().storageState() });
    await other.goto(of("gappy"));
    const line = panel(other, "strip").locator("[data-open-work]");
    await expect(line).toContainText("0 of 1 steps done", patience);
    await line.getByRole("button", { name: "Open" }).click();
    const seen = drawer(other, /^Create partitions of /);
    await expect(step(seen)).toHaveAttribute("data-state", "contended");
    await release();
    await expect(step(seen)).toHaveAttribute("data-state", "done", patience);
    await expect(
      panel(other, "strip")
        .locator('[data-work="done"]')
        .or(panel(other, "strip").locator("[data-cell]").nth(4)),
    ).toBeVisible();
    await expect(panel(other, "strip").locator("[data-gap]")).toHaveCount(0, patience);
    await expectAccessible(other);
  } finally {
    await release().catch(() => undefined);
  }
  const [row] = await auditSql<{ partition: string }[]>`
    insert into e2e_plans.gappy values (date_trunc('month', now(), 'UTC') - interval '3 days', 'late')
    returning tableoid::regclass::text as partition`;
  expect(row?.partition).toMatch(/^e2e_plans\.gappy_\d{4}_\d\d$/);
});

test("a job that waits for a lock is cancelled from its drawer", async ({ page, signIn }) => {
  const release = await holdStructure("held");
  try {
    await signIn("operator", of("held"));
    await panel(page, "strip").getByRole("button", { name: "Create ahead" }).click(patience);
    await drawer(page, /^Create \d+ partitions of /)
      .getByRole("button", { name: "Create" })
      .click();
    const work = drawer(page, /^Create partitions of /);
    await expect(step(work).first()).toHaveAttribute("data-state", "contended", patience);
    await work.getByRole("button", { name: "Cancel job" }).click();
    await page
      .getByRole("dialog", { name: /^Cancel/ })
      .getByRole("button", { name: "Cancel job" })
      .click();
    await expect(work.getByRole("region", { name: "State" })).toContainText("cancelled", patience);
    await expect(work.getByRole("button", { name: "Plan the rest again" })).toBeVisible();
    await expect(step(work).first()).not.toHaveAttribute("data-state", "running");
    // Nothing is going on, and the page says nothing else.
    await page.keyboard.press("Escape");
    const strip = panel(page, "strip");
    await expect(strip.locator("[data-open-work]")).toHaveCount(0, patience);
    await expect(strip.locator("[data-work]")).toHaveCount(0);
    await expect(strip.locator("[data-cell]")).toHaveCount(2);
    await expect(strip.getByRole("button", { name: "Create ahead" })).toBeFocused();
  } finally {
    await release();
  }
});

test("a plan that the database has outrun is shown anew with what changed, and nothing is done", async ({
  page,
  signIn,
  auditSql,
}) => {
  await signIn("operator", of("moved"));
  await panel(page, "strip").getByRole("button", { name: "Create ahead" }).click(patience);
  const plan = drawer(page, /^Create \d+ partitions of /);
  await expect(step(plan)).not.toHaveCount(0);
  const before = await step(plan).count();
  await auditSql.unsafe(`
    set role audit_maintainer;
    do $$ declare b timestamptz := date_trunc('month', now(), 'UTC') + interval '1 month'; begin
      execute format('create table e2e_plans.by_hand partition of e2e_plans.moved for values from (%L) to (%L)', b, b + interval '1 month');
    end $$;
    reset role`);
  await plan.getByRole("button", { name: "Create" }).click();
  const changed = page.getByRole("dialog").getByRole("alert").filter({ hasText: "This is the new plan" });
  await expect(changed).toContainText("No longer needed: Create e2e_plans.moved_");
  await expect(step(page.getByRole("dialog"))).toHaveCount(before - 1);
  await expect(page).toHaveURL(/plan=%7B|plan=\{/);
});

test("a stranger's table is adopted: its upkeep is set up, previewed, approved, and runs", async ({
  page,
  signIn,
  auditSql,
}) => {
  await signIn("operator", of("kept"));
  const upkeep = panel(page, "upkeep");
  await upkeep.getByRole("button", { name: "Set up upkeep" }).click(patience);
  const editor = page.getByRole("dialog", { name: "Set up upkeep of e2e_plans.kept" });
  await editor.getByLabel("Partitions ahead").fill("0");
  await expect(editor.getByText("A whole number from 1 to 1,000.")).toBeVisible();
  await editor.getByLabel("Partitions ahead").fill("2");
  const runs = editor.getByRole("region", { name: "Next runs" });
  await expect(runs.getByRole("listitem")).toHaveCount(5);
  await expect(runs.getByRole("listitem").first()).toContainText("and 1 more");
  await expectAccessible(page);
  await editor.getByRole("button", { name: "Propose upkeep" }).click();
  await expect(upkeep).toContainText("proposed, not approved");
  await upkeep.getByRole("button", { name: "Approve upkeep" }).click();
  await page
    .getByRole("dialog", { name: /^Approve upkeep/ })
    .getByRole("button", { name: "Approve upkeep" })
    .click();
  await expect(upkeep).toContainText("none yet, approved by operator@example.test");
  await upkeep.getByRole("button", { name: "Run now" }).click();
  const work = page.getByRole("dialog");
  await expect(work.getByRole("region", { name: "State" })).toContainText("done", patience);
  await expect(step(work)).toHaveCount(2);
  await page.keyboard.press("Escape");
  await expect(upkeep).toContainText("2 partitions", patience);
  const [there] = await auditSql<{ count: number }[]>`
    select count(*)::int from pg_inherits where inhparent = 'e2e_plans.kept'::regclass`;
  expect(there?.count).toBe(4);
});

test("a viewer is shown the same plan by its link, and no button; a phone holds it in both themes", async ({
  page,
  signIn,
}) => {
  const request = { verb: "detach", partition: { schema: "e2e_plans", name: "held_1" } };
  const [name] = await names("held");
  request.partition.name = name ?? "?";
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn("viewer", `${of("held")}&plan=${encodeURIComponent(JSON.stringify(request))}`);
  const plan = drawer(page, new RegExp(`^Detach e2e_plans.${name}`));
  await expect(plan).toContainText("DETACH PARTITION");
  await expect(plan).toContainText("Operators carry out plans.");
  await expect(plan.getByRole("button", { name: "Detach" })).toHaveCount(0);
  await expect(plan.getByLabel(/to confirm$/)).toHaveCount(0);
  await expectNoOverflow(page);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
  await plan.getByRole("button", { name: "Close (Esc)" }).click();
  await expect(panel(page, "upkeep")).toContainText("An operator can set it up.");
});

async function names(table: string): Promise<string[]> {
  const found: string[] = [];
  await asSuperuser(async (sql) => {
    const rows = await sql<{ name: string }[]>`
      select relname as name from pg_inherits join pg_class c on c.oid = inhrelid
      where inhparent = ${`e2e_plans.${table}`}::regclass order by 1`;
    found.push(...rows.map(({ name }) => name));
  });
  return found;
}
