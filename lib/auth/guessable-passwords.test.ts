import { expect, test } from "vitest";
import { isGuessable } from "./guessable-passwords.ts";

const firstTries = `
  123456789012 1234567890123 12345678901234 123456123456 123123123123 111111111111 000000000000
  121212121212 112233445566 987654321098 012345678901 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc
  qazwsxedcrfv qwertyuiopas qwertyuiop12 qwertyuiop123 qwerty123456 qwertyqwerty qwertyasdfgh asdfghjklzxc
  abcdefghijkl abcdefghijklm abcd12345678 abc123abc123 abc123456789 passwordpassword password1234
  password12345 password123456 password2024 password2025 password2026 mypassword123 passw0rd1234
  p4ssw0rd1234 adminadminadmin adminpassword administrator administrator1 admin1234567 admin12345678
  admin123456789 changemeplease changemechangeme changeme1234 letmeinletmein letmein12345 welcome12345
  welcome123456 welcomewelcome iloveyou1234 iloveyouiloveyou monkeymonkey dragondragon sunshine1234
  football1234 baseball1234 princess1234 superman1234 trustno1trustno1 correcthorsebatterystaple
  postgrespostgres postgres1234 auditauditaudit auditdashboard secretsecret secret123456 testtesttest
  test12345678 rootrootroot
`;

test("what people write when twelve characters are asked for is guessable", async () => {
  const tries = firstTries.trim().split(/\s+/);
  expect(tries).toHaveLength(72);
  const judged = await Promise.all(tries.map(isGuessable));
  expect(tries.filter((_, i) => !judged[i])).toEqual([]);
});

test("so are a leaked word with figures, a walk over the keyboard, and a leaked one again and again", async () => {
  for (const password of ["dragon19871987", "zxcvbnmasdfghjkl", "p4ssw0rd".repeat(32)])
    expect(await isGuessable(password), password).toBe(true);
});

test("a few words in a row and what a password manager writes are not", async () => {
  for (const password of [
    "threequietlamps",
    "elevenboatsleaveatdawn",
    "abacuslanternpony",
    "v7kq2mzx9fpw3tru",
  ])
    expect(await isGuessable(password), password).toBe(false);
});
