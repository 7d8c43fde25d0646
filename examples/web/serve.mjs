// Serves index.html at every path, as links in mails need it: node examples/web/serve.mjs
//
// PORT (3000) is where, API (http://localhost:9000) whom the page calls. With `make dev` beside it that is all. In earnest
// any static host does that answers every path with one file and sets the same headers.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { PORT = '3000', API = 'http://localhost:9000' } = process.env;
const page = readFileSync(new URL('index.html', import.meta.url), 'utf8').replace('http://localhost:9000', API);

// The page's own script and style by their hashes, and nothing else: what is injected does not run, and goes nowhere.
const hash = (tag) => {
    const [, text] = new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(page);
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
};
const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
        `default-src 'none'; script-src ${hash('script')}; style-src ${hash('style')}; connect-src ${API}; ` +
        `img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
};

createServer((_, response) => response.writeHead(200, headers).end(page)).listen(Number(PORT), '127.0.0.1', () =>
    console.log(`http://localhost:${PORT} calls ${API}`),
);
