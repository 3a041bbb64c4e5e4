/**
 * Columns of an incident's row: the box to tick, then on a desk how it stands, its title, who has it and since when. Whoever may
 * only look has no box, and so a column less.
 */
export const inboxColumns = {
  acting: "grid-cols-[auto_minmax(0,1fr)] md:grid-cols-[auto_6.5rem_minmax(0,1fr)_15rem_6rem]",
  looking: "grid-cols-[minmax(0,1fr)] pl-4 md:grid-cols-[6.5rem_minmax(0,1fr)_15rem_6rem]",
};
