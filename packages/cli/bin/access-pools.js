#!/usr/bin/env node
'use strict'
// A committed file, so that npm can link the command at install time, before anything was built.

const { existsSync } = require('node:fs')
const { join } = require('node:path')

const built = join(__dirname, '..', 'dist', 'main.js')

if (existsSync(built)) {
  require(built)
} else {
  process.stderr.write('access-pools is not built yet: run "npm ci && npm run build" first.\n')
  process.exitCode = 1
}
