-- No version ever wrote or read a row of it. ACCESS EXCLUSIVE on an empty table for a moment; the version before runs on.
DROP TABLE "settings";
