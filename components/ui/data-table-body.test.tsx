import { NuqsTestingAdapter } from "nuqs/adapters/testing";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { DataTableBody } from "./data-table-body.tsx";
import type { Column, DataTableProps } from "./data-table-props.ts";

interface Tag {
  name: string;
  savedMs: number | null;
  below?: Tag[];
}

const columns: Column<Tag>[] = [
  { id: "name", header: "Tag", value: ({ name }) => name, grow: true },
  { id: "savedMs", header: "Saved", value: ({ savedMs }) => savedMs, unit: "ms" },
  { id: "verb", header: "Drop", value: () => null, sortable: false, silentHeader: true },
];
const rows: Tag[] = [
  { name: "a", savedMs: 1 },
  { name: "b", savedMs: null },
  {
    name: "c",
    savedMs: 29,
    below: [
      { name: "c.one", savedMs: 9 },
      { name: "c.two", savedMs: 20 },
    ],
  },
];

function draw(search: string, props: Partial<DataTableProps<Tag>> = {}): string {
  return renderToStaticMarkup(
    <NuqsTestingAdapter searchParams={search}>
      <DataTableBody
        id="tags"
        label="Tags"
        rows={rows}
        columns={columns}
        rowKey={({ name }) => name}
        toolbar={false}
        {...props}
      />
    </NuqsTestingAdapter>,
  );
}
const keys = (html: string) => [...html.matchAll(/data-key="([^"]+)"/g)].map(([, key]) => key);
const sorts = (html: string) =>
  [...html.matchAll(/<th ([^>]*)/g)].map(([, th]) => /aria-sort="(\w+)"/.exec(th ?? "")?.[1] ?? null);

test("rows stand in the order that the URL names, the unknown last either way", () => {
  expect(keys(draw("?tags-sort=savedMs.desc"))).toEqual(["c", "a", "b"]);
  expect(keys(draw("?tags-sort=savedMs.asc"))).toEqual(["a", "c", "b"]);
  expect(keys(draw("?tags-sort=name.desc"))).toEqual(["c", "b", "a"]);
  expect(sorts(draw("?tags-sort=name.desc"))).toEqual(["descending", null, null]);
  const defaultSort = { id: "savedMs", desc: true };
  expect(keys(draw("?tags-sort=nonsense.asc", { defaultSort }))).toEqual(["c", "a", "b"]);
});

test("an open row is followed by those below it, in the same order; a closed one says that it opens", () => {
  const tree = (open: string[]) => ({ below: (row: Tag) => row.below, open, onOpen: () => {} });
  const open = draw("?tags-sort=savedMs.desc", { tree: tree(["c", "long gone"]) });
  expect(keys(open)).toEqual(["c", "c.two", "c.one", "a", "b"]);
  expect(open.match(/aria-expanded="\w+"/g)).toEqual(['aria-expanded="true"']);
  const closed = draw("?tags-sort=savedMs.desc", { tree: tree([]) });
  expect(keys(closed)).toEqual(["c", "a", "b"]);
  expect(closed.match(/aria-expanded="\w+"/g)).toEqual(['aria-expanded="false"']);
});

test("rows that the server ranked keep its order, whatever the URL says, and the head names it", () => {
  const askedSort = { sort: { id: "savedMs", desc: false }, onSort: () => {} };
  const html = draw("?tags-sort=savedMs.desc", { askedSort });
  expect(keys(html)).toEqual(["a", "b", "c"]);
  expect(sorts(html)).toEqual([null, "ascending", null]);
});

test("a column that cannot be sorted by has no button; its silent name is for screen readers", () => {
  const heads = draw("").match(/<th .*?<\/th>/g) ?? [];
  expect(heads.map((head) => head.includes("<button"))).toEqual([true, true, false]);
  expect(heads[2]).toContain('<span class="sr-only">Drop</span>');
});

test("past 200 rows of a table that scrolls not all are drawn; of one that grows, all", () => {
  const many = Array.from({ length: 201 }, (_, at): Tag => ({ name: `row ${at}`, savedMs: at }));
  expect(keys(draw("", { rows: many })).length).toBeLessThan(201);
  expect(keys(draw("", { rows: many, maxHeight: Number.POSITIVE_INFINITY }))).toHaveLength(201);
  expect(keys(draw("", { rows: many.slice(1) }))).toHaveLength(200);
});
