module.exports = {
  // For npm's node_modules and for pnpm's.
  transformIgnorePatterns: ['/node_modules/(?!(\\.pnpm|@maskinporten-kit|jose|ky)/)'],
}
