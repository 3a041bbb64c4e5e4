import { quoteIdentifier } from "../../quote-sql.ts";
import type { Privilege, TableModel } from "./read-model.ts";

/**
 * Grants and revokes that lead from what a table has when it is created to what its model has. What the maker has by
 * creating it goes on to the model's owner with the table.
 */
export function privilegeStatements(
  { owner, maker, privileges, initialPrivileges }: TableModel,
  table: string,
): string[] {
  const goesOn = (one: Privilege): Privilege => (one.grantee === owner ? { ...one, grantee: maker } : one);
  const wanted = privileges.map(goesOn);
  const has = (all: readonly Privilege[], one: Privilege) =>
    all.some((other) => identify(other) === identify(one));
  const surplus = initialPrivileges.filter((one) => !wanted.some((other) => place(other) === place(one)));
  const passedOn = initialPrivileges.filter(
    (one) => one.grantable && wanted.some((other) => place(other) === place(one) && !other.grantable),
  );
  const missing = wanted.filter(
    (one) => !has(initialPrivileges, one) && !passedOn.some((other) => place(other) === place(one)),
  );
  return [
    ...grouped(surplus).map((group) => `REVOKE ${group.what} ON ${table} FROM ${group.grantee}`),
    ...grouped(passedOn).map(
      (group) => `REVOKE GRANT OPTION FOR ${group.what} ON ${table} FROM ${group.grantee}`,
    ),
    ...grouped(missing).map(
      (group) =>
        `GRANT ${group.what} ON ${table} TO ${group.grantee}${group.grantable ? " WITH GRANT OPTION" : ""}`,
    ),
  ];
}

function place({ grantee, privilege, column }: Privilege): string {
  return JSON.stringify([grantee, privilege, column]);
}

function identify(one: Privilege): string {
  return `${place(one)} ${one.grantable}`;
}

/** One statement for each grantee, whole table and list of columns. */
function grouped(privileges: readonly Privilege[]): { grantee: string; grantable: boolean; what: string }[] {
  const groups = Map.groupBy(privileges, ({ grantee, grantable, column, privilege }) =>
    JSON.stringify([grantee, grantable, column === null ? null : privilege]),
  );
  return [...groups.values()].map((group) => {
    const [first] = group as [Privilege];
    const columns = group.flatMap(({ column }) => (column === null ? [] : [quoteIdentifier(column)]));
    const what =
      columns.length > 0
        ? `${first.privilege} (${columns.join(", ")})`
        : group
            .map(({ privilege }) => privilege)
            .sort()
            .join(", ");
    return {
      grantee: first.grantee === null ? "PUBLIC" : quoteIdentifier(first.grantee),
      grantable: first.grantable,
      what,
    };
  });
}
