// A table that can be sorted, filtered and paged. All cells are text; links lead to pages of this server only.
// A cell is [text, what it is sorted by, link, class].
export default {
  template: `
    <div class="data-table">
      <div class="scroll" tabindex="0">
        <table :aria-label="label">
          <thead>
            <tr>
              <th v-for="(column, index) in columns" scope="col" :class="{ right: column.right }" :aria-sort="direction(index)">
                <button v-if="page" type="button" @click="sort(index)">{{ column.name }}{{ arrow(index) }}</button>
                <template v-else>{{ column.name }}</template>
              </th>
            </tr>
          </thead>
          <tbody>
            <tr v-for="row in shown" :key="row.key">
              <td v-for="(cell, index) in row.cells" :class="[cell[3], { right: columns[index].right }]">
                <a v-if="isOwn(cell[2])" :href="cell[2]">{{ cell[0] }}</a>
                <template v-else>{{ cell[0] }}</template>
              </td>
            </tr>
            <tr v-if="!shown.length"><td :colspan="columns.length" class="soft">None.</td></tr>
          </tbody>
        </table>
      </div>
      <div v-if="page && found.length > page" class="pager">
        <button type="button" :disabled="!from" aria-label="Previous rows" @click="from -= page">←</button>
        <span aria-live="polite">{{ from + 1 }} to {{ Math.min(from + page, found.length) }} of {{ found.length }}</span>
        <button type="button" :disabled="from + page >= found.length" aria-label="Next rows" @click="from += page">→</button>
      </div>
    </div>
  `,
  props: {
    columns: Array,
    rows: Array,
    page: Number,
    label: String,
    wanted: String,
    word: String,
    wordColumn: Number,
  },
  data() {
    return { by: -1, falls: false, from: 0 };
  },
  computed: {
    found() {
      const text = (this.wanted || "").toLowerCase();
      const rows = this.rows.map((cells, key) => ({ key, cells })).filter(({ cells }) => this.has(cells, text));
      if (this.by < 0) return rows;
      const order = (row) => row.cells[this.by][1] ?? row.cells[this.by][0];
      const sign = this.falls ? -1 : 1;
      return rows.sort((a, b) => (order(a) < order(b) ? -sign : order(a) > order(b) ? sign : a.key - b.key));
    },
    shown() {
      return this.page ? this.found.slice(this.from, this.from + this.page) : this.found;
    },
  },
  watch: {
    wanted: "begin",
    word: "begin",
    found(rows) {
      if (this.from && this.from >= rows.length) this.from = 0;
    },
  },
  methods: {
    begin() {
      this.from = 0;
    },
    has(cells, text) {
      if (this.word && !cells[this.wordColumn][0].split(", ").includes(this.word)) return false;
      return !text || cells.some((cell) => `${cell[0]} ${cell[1] ?? ""}`.toLowerCase().includes(text));
    },
    isOwn(link) {
      return typeof link === "string" && link.startsWith("/") && !link.startsWith("//");
    },
    sort(index) {
      this.falls = this.by === index && !this.falls;
      this.by = index;
      this.from = 0;
    },
    direction(index) {
      return this.by === index ? (this.falls ? "descending" : "ascending") : null;
    },
    arrow(index) {
      return this.by === index ? (this.falls ? " ↓" : " ↑") : "";
    },
  },
};
