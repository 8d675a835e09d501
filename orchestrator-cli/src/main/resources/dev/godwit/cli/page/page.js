/* Between the page's figures and uPlot: which figure, which colour, how wide. */
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const root = document.documentElement;
  const colour = name => getComputedStyle(root).getPropertyValue('--' + name).trim();
  const shades = ['one', 'two', 'three', 'four', 'five', 'six'];
  const short = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 1});
  const exact = new Intl.NumberFormat('en', {maximumFractionDigits: 3});
  const round = new Intl.NumberFormat('en', {maximumSignificantDigits: 3});
  const number = value => value == null ? '–' : exact.format(value);
  const utc = seconds => uPlot.tzDate(new Date(seconds * 1e3), 'Etc/UTC');
  const [day, minute, second] = ['{YYYY}-{MM}-{DD}', '{HH}:{mm}', '{HH}:{mm}:{ss}'].map(form => uPlot.fmtDate(form));
  const clock = uPlot.fmtDate('{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}');
  const made = (tag, text, style) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (style) element.className = style;
    return element;
  };

  const redraws = [];
  function chart(place, figures) {
    let plot;
    const draw = () => {
      if (plot) plot.destroy();
      const axis = {stroke: colour('soft'), grid: {stroke: colour('line'), width: 1}, ticks: {stroke: colour('line'), width: 1}};
      plot = new uPlot({
        width: place.clientWidth, height: 240, tzDate: utc, cursor: {y: false, drag: {x: false, y: false}},
        scales: {y: {range: (u, low, high) => [0, high > 0 ? high * 1.08 : 1]}},
        axes: [{...axis, values: (u, ticks, side, space, step) => ticks.map(tick => (step >= 86400 ? day : step >= 60 ? minute : second)(utc(tick)))}, {...axis, size: 60, values: (u, ticks) => ticks.map(tick => short.format(tick))}],
        series: [{label: 'UTC', value: (u, at) => at == null ? '–' : clock(utc(at))}].concat(figures.lines.map((line, i) => ({
          label: line.name, stroke: colour(line.limit ? 'limit' : shades[i % shades.length]), width: line.limit ? 1.5 : 2,
          dash: line.limit ? [6, 4] : undefined, points: {show: false}, spanGaps: false,
          paths: uPlot.paths.stepped({align: 1}), value: (u, value) => number(value) + (value == null ? '' : ' ' + figures.unit)
        })))
      }, [figures.seconds].concat(figures.lines.map(line => line.values)), place);
    };
    draw();
    redraws.push(draw);
    new ResizeObserver(() => plot.setSize({width: place.clientWidth, height: 240})).observe(place);
  }

  const STEPS = 6;
  function map(place, figures) {
    const {things, measures} = figures;
    const cells = place.querySelector('.cells'), legend = place.querySelector('.legend');
    const picker = place.querySelector('input[type=range]'), picked = place.querySelector('.picked');
    cells.style.setProperty('--cell', things.length <= 100 ? '1.75rem' : things.length <= 500 ? '1.25rem' : things.length <= 2500 ? '.7rem' : '.45rem');
    const all = things.map((thing, i) => {
      const cell = made('i');
      cell.dataset.thing = i;
      cells.append(cell);
      return cell;
    });
    const describe = thing => 'Segment ' + thing[0] + ': ' + thing[1] + '; ' + measures.map((measure, i) =>
      number(thing[3 + i]) + ' ' + measure.unit).join(', ');
    const pick = i => {
      all.forEach(cell => cell.classList.remove('chosen'));
      all[i].classList.add('chosen');
      picker.value = i;
      picker.setAttribute('aria-valuetext', describe(things[i]));
      picked.textContent = describe(things[i]);
    };
    const paint = by => {
      const values = things.map(thing => thing[3 + by]), most = Math.max(0, ...values);
      const whole = values.every(Number.isInteger);
      const edge = step => whole ? Math.ceil(most * step / STEPS) : most * step / STEPS;
      const step = value => {
        for (let i = 1; value > 0 && i <= STEPS; i++) if (value <= edge(i)) return i;
        return 0;
      };
      const used = new Set();
      all.forEach((cell, i) => {
        const bad = things[i][2] === 1, open = things[i][2] === 2;
        const shade = step(values[i]);
        used.add(bad ? 'failed' : open ? 'open' : 'heat-' + shade);
        cell.className = (bad ? 'failed' : open ? 'open' : 'heat-' + shade) + (cell.classList.contains('chosen') ? ' chosen' : '');
        cell.title = describe(things[i]);
      });
      legend.replaceChildren();
      const entry = (style, words) => {
        const line = made('li');
        line.append(made('i', undefined, style), words);
        legend.append(line);
      };
      if (used.has('heat-0')) entry('heat-0', 'none');
      for (let i = 1; i <= STEPS; i++) {
        if (used.has('heat-' + i)) entry('heat-' + i, 'up to ' + round.format(edge(i)) + ' ' + measures[by].unit);
      }
      if (used.has('failed')) entry('failed', 'failed');
      if (used.has('open')) entry('open', 'not finished');
    };
    cells.addEventListener('click', event => event.target.dataset.thing && pick(Number(event.target.dataset.thing)));
    picker.addEventListener('input', () => pick(Number(picker.value)));
    place.querySelectorAll('input[type=radio]').forEach(radio => radio.addEventListener('change', () => paint(Number(radio.value))));
    const behind = place.querySelector('details.all');
    behind.addEventListener('toggle', () => {
      const where = behind.querySelector('.wide');
      if (where.firstChild) return;
      const table = made('table'), head = made('tr'), body = made('tbody');
      head.append(...['segment', 'state'].map(name => made('th', name, 'words')), ...measures.map(measure => made('th', measure.name, 'number')));
      things.forEach(thing => {
        const row = made('tr');
        row.append(made('td', thing[0], 'words'), made('td', thing[1], 'words'), ...measures.map((measure, i) => made('td', number(thing[3 + i]), 'number')));
        body.append(row);
      });
      const heads = made('thead');
      heads.append(head);
      table.append(heads, body);
      head.querySelectorAll('th').forEach(cell => cell.scope = 'col');
      where.append(table);
    });
    if (things.length > 0) {
      paint(0);
      pick(0);
    }
  }

  for (const [name, figures] of Object.entries(data)) {
    const place = document.getElementById(name);
    if (figures.things) map(place, figures); else chart(place, figures);
  }
  const redraw = () => redraws.forEach(draw => draw());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  addEventListener('beforeprint', () => { root.classList.add('printing'); redraw(); });
  addEventListener('afterprint', () => { root.classList.remove('printing'); redraw(); });
  root.dataset.drawn = 'yes';
})();
