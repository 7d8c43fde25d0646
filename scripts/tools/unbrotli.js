// unbrotli.js FROM TO : unpacks what is compressed with brotli, for which there is no program on every machine.
const { createReadStream, createWriteStream } = require('node:fs');
const { pipeline } = require('node:stream');
const { createBrotliDecompress } = require('node:zlib');

const [from, to] = process.argv.slice(2);
pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to), (error) => {
    if (error) throw error;
});
