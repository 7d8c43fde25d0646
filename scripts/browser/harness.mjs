// What the journeys share: a browser, the local run that scripts/browser.sh started, its mailbox, and a check that says
// what was wrong. Nothing but Node's own library and Playwright.
//
//   import { api, check, journey, mail } from '../harness.mjs';
//   await journey(async ({ page, shot }) => {
//       await page.goto(`${api}/docs`);
//       await shot('docs');
//   });

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { chromium } = createRequire(import.meta.url)(process.env.PLAYWRIGHT);

/** Where the API is, as browsers call it. */
export const api = `http://localhost:${process.env.API_PORT}`;
/** Where a front end may be served: `serve` does. */
export const front = `http://localhost:${process.env.FRONT_PORT}`;

const mailbox = `http://localhost:${process.env.MAIL_PORT}`;
const PATIENCE = 20_000;

/** Ends the journey unless `got` is what was wanted, compared as JSON. */
export function check(what, got, want = true) {
    const [seen, wanted] = [got, want].map((value) => JSON.stringify(value));
    if (seen !== wanted) throw new Error(`${what}: wanted ${wanted}, got ${seen}`);
    console.log(`browser: ${what}: ${seen.length > 60 ? 'as wanted' : seen}`);
}

/** Calls `attempt` until it gives something, and returns that. */
export async function until(what, attempt) {
    const deadline = Date.now() + PATIENCE;
    while (Date.now() < deadline) {
        const result = await attempt();
        if (result) return result;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`waited ${PATIENCE / 1000} s in vain for ${what}`);
}

/** The newest mail to an address once there are `count`: `{ subject, text, html }`. */
export async function mail(address, count = 1) {
    const mails = await until(`mail ${count} to ${address}`, async () => {
        const all = await (await fetch(`${mailbox}/messages`)).json();
        const theirs = all.filter(({ to }) => String(to).toLowerCase().includes(address.toLowerCase()));
        return theirs.length >= count && theirs;
    });
    return mails[count - 1];
}

/** The main link of a mail: the first that carries a token. */
export const linkIn = ({ text }) => /https?:\S+#token=\S+/.exec(text)[0];

/** The password of the local run's admin, admin@example.com. */
export const adminPassword = async () =>
    (await readFile(join(process.env.USHER_DATA_DIR, 'admin-password'), 'utf8')).trim();

/** A call without a browser: `{ status, headers, body }`. */
export async function call(method, path, { body, token, headers = {} } = {}) {
    const answer = await fetch(api + path, {
        method,
        headers: {
            ...(body && { 'content-type': 'application/json' }),
            ...(token && { authorization: `Bearer ${token}` }),
            ...headers,
        },
        body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text && JSON.parse(text) };
}

/** Runs a server of a front end at `front` until the journey ends: a module that goes by PORT and API. */
export async function serve(module) {
    const server = spawn(process.execPath, [module], { env: { PORT: process.env.FRONT_PORT, API: api }, stdio: 'inherit' });
    process.on('exit', () => server.kill());
    server.unref();
    await until('the front end', () => fetch(front).then(({ ok }) => ok, () => false));
}

/**
 * Runs `tour` with a page of a fresh browser context. `options` are Playwright's (`colorScheme`, `locale`, `viewport`).
 * What a page writes as an error ends the journey, too, but for Chromium's own lines on answers of 400 and more: refusals
 * are part of a tour. The rest is in `errors`, for who expects some to take out.
 */
export async function journey(tour, options = {}) {
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM });
    const errors = [];
    const open = async (other = {}) => {
        const context = await browser.newContext({ viewport: { width: 1000, height: 760 }, ...options, ...other });
        context.setDefaultTimeout(PATIENCE);
        context.on('weberror', (error) => errors.push(String(error.error())));
        context.on('console', (line) => {
            if (line.type() === 'error' && !/^Failed to load resource: the server/.test(line.text())) errors.push(line.text());
        });
        return context;
    };
    let number = 0;
    const shotOf = (page, name) => {
        number += 1;
        const path = join(process.env.SCREENSHOTS, `${String(number).padStart(2, '0')}-${name}.png`);
        return page.screenshot({ path, fullPage: true });
    };
    let page;
    try {
        const context = await open();
        page = await context.newPage();
        const shot = (name, of = page) => shotOf(of, name);
        await tour({ browser, open, context, page, shot, errors });
        check('errors in the console', errors, []);
    } catch (error) {
        if (page) await shotOf(page, 'failed').catch(() => {});
        console.error(`browser: FAILED: ${error.stack}`);
        if (errors.length) console.error(`browser: the pages said: ${errors.join('\n')}`);
        process.exitCode = 1;
    } finally {
        await browser.close();
        process.exit(); // whatever a journey has left open
    }
}
