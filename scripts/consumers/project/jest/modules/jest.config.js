export default {
  transform: {},
}
