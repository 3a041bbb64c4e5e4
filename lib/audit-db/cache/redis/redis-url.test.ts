import { expect, test } from "vitest";
import { parseRedisUrl } from "./redis-url.ts";

test.each([
  ["redis://localhost", { form: "single", hosts: [{ host: "localhost", port: 6379 }], tls: false, db: 0 }],
  [
    "rediss://ops:s%40fe@cache.example:6380/3",
    {
      form: "single",
      hosts: [{ host: "cache.example", port: 6380 }],
      tls: true,
      db: 3,
      username: "ops",
      password: "s@fe",
    },
  ],
  [
    "redis://:secret@[::1]:7000",
    { form: "single", hosts: [{ host: "::1", port: 7000 }], tls: false, db: 0, password: "secret" },
  ],
  [
    "redis+sentinel://:p@s1,s2:26380/mymaster?db=2&sentinelPassword=q",
    {
      form: "sentinel",
      hosts: [
        { host: "s1", port: 26379 },
        { host: "s2", port: 26380 },
      ],
      tls: false,
      db: 2,
      password: "p",
      masterName: "mymaster",
      sentinelPassword: "q",
    },
  ],
  [
    "rediss+cluster://n1:7001,n2:7002",
    {
      form: "cluster",
      hosts: [
        { host: "n1", port: 7001 },
        { host: "n2", port: 7002 },
      ],
      tls: true,
      db: 0,
    },
  ],
])("%s", (url, expected) => {
  expect(parseRedisUrl(url)).toEqual(expected);
});

test.each([
  "http://localhost",
  "redis://",
  "redis://a:b:c",
  "redis://localhost/x",
  "redis+cluster://localhost/1",
  "redis+sentinel://localhost",
  "redis://:secret%zz@host",
])("%s is refused without repeating it", (url) => {
  expect(() => parseRedisUrl(url)).toThrow(/^The Redis URL /);
  expect(() => parseRedisUrl(url)).not.toThrow(/secret|localhost/);
});
