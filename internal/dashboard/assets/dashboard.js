'use strict'
// What the pages do beyond HTML: times in the reader's own zone, charts, and a word when live updates stop.
;(() => {
	const lang = document.documentElement.lang

	const times = document.querySelectorAll('time[datetime]')
	if (times.length) {
		const moment = new Intl.DateTimeFormat(lang, { dateStyle: 'short', timeStyle: 'medium' })
		for (const e of times) {
			e.title = e.textContent
			e.textContent = moment.format(new Date(e.dateTime))
		}
	}

	// On a phone the menu is wider than the window.
	const here = document.querySelector('nav [aria-current]')
	if (here) here.closest('ul').scrollLeft = here.offsetLeft - 60

	// A box that checks all the boxes of its form.
	for (const all of document.querySelectorAll('[data-checks]')) {
		all.addEventListener('change', () => {
			for (const box of all.form.elements) if (box.name === all.dataset.checks) box.checked = all.checked
		})
	}

	// An open question closes with Escape, and when something else is clicked.
	function closeQuestions(except) {
		for (const e of document.querySelectorAll('details.confirm[open]')) if (!e.contains(except)) e.open = false
	}
	document.addEventListener('click', e => closeQuestions(e.target))
	document.addEventListener('keydown', e => {
		if (e.key !== 'Escape') return
		const open = document.querySelector('details.confirm[open]')
		closeQuestions(null)
		open?.querySelector('summary').focus()
	})

	const live = document.getElementById('live')
	if (!live) return
	const kept = 15 * 60
	const whole = [...Array(9).keys()].flatMap(n => [1, 2, 5].map(m => m * 10 ** n))
	const charts = [...document.querySelectorAll('.chart')].map(box => ({
		box,
		unit: box.dataset.unit,
		series: box.dataset.series.split(';').map(s => s.split('|')).map(([key, label]) => ({ key, label })),
	}))
	let data = null

	function color(name) {
		// A computed color follows light-dark(), a custom property does not.
		live.style.setProperty('color', `var(--${name})`)
		const value = getComputedStyle(live).color
		live.style.removeProperty('color')
		return value
	}

	function shown(value, unit) {
		if (value == null) return '—'
		if (unit === 'ms' && value >= 1000) return `${(value / 1000).toLocaleString(lang, { maximumFractionDigits: 1 })} s`
		return `${value.toLocaleString(lang, { maximumFractionDigits: 1 })}${unit === 'ms' ? ' ms' : unit}`
	}

	function columns(chart) { return [data.t, ...chart.series.map(s => data[s.key])] }

	function draw() {
		if (!data || typeof uPlot === 'undefined') return
		const [text, grid] = [color('soft'), color('grid')]
		const clock = new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit' })
		for (const chart of charts) {
			chart.plot?.destroy()
			const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: '12px system-ui' }
			chart.plot = new uPlot({
				width: chart.box.clientWidth, height: 180,
				cursor: { drag: { x: false, y: false }, points: { size: 6 } },
				legend: { live: true },
				scales: {
					x: { time: true, range: (_, __, max) => [(max ?? Date.now() / 1000) - kept, max ?? Date.now() / 1000] },
					y: { range: (_, __, max) => [0, max > 0 ? max * 1.15 : 1] },
				},
				axes: [{ ...axis, space: 60, values: (_, ticks) => ticks.map(v => clock.format(new Date(v * 1000))) },
					{ ...axis, size: 58, space: 28, incrs: chart.unit === '' ? whole : undefined, values: (_, ticks) => ticks.map(v => shown(v, chart.unit)) }],
				series: [
					{ value: (_, v) => v == null ? '—' : new Date(v * 1000).toLocaleTimeString(lang) },
					...chart.series.map((s, i) => ({
						label: s.label, stroke: color(`series-${i + 1}`), width: 2, dash: [[], [6, 3], [2, 3]][i],
						value: (_, v) => shown(v, chart.unit), points: { show: false }, spanGaps: false,
					})),
				],
			}, columns(chart), chart.box)
		}
	}

	function add(point) {
		if (!data || point.t[0] <= (data.t.at(-1) ?? 0)) return
		for (const key of Object.keys(data)) {
			data[key].push(point[key][0])
			if (data[key].length > kept) data[key].shift()
		}
		for (const chart of charts) chart.plot?.setData(columns(chart))
	}

	async function load() {
		const answer = await fetch('/series')
		if (!answer.ok) return
		const loaded = await answer.json()
		for (const key of Object.keys(loaded)) loaded[key] ??= []
		data = loaded
		draw()
	}

	// A state that is shown already is not put in anew: that would close the question of somebody who is about to answer it.
	const state = document.getElementById('state')
	let told = state.innerHTML
	document.body.addEventListener('htmx:sseBeforeMessage', e => {
		if (e.target !== state) return
		const sent = document.createElement('template')
		sent.innerHTML = e.detail.data
		if (sent.innerHTML === told) e.preventDefault()
		told = sent.innerHTML
	})

	const lost = document.getElementById('lost')
	function tellLost(is) {
		if (lost.hidden !== is) return
		lost.hidden = !is
		lost.textContent = is ? live.dataset.lost : ''
	}
	document.body.addEventListener('htmx:sseOpen', () => { if (!lost.hidden) load(); tellLost(false) })
	document.body.addEventListener('htmx:sseError', () => tellLost(true))
	document.body.addEventListener('htmx:sseMessage', () => {
		tellLost(false)
		const point = document.getElementById('point')
		if (point) add(JSON.parse(point.value))
	})

	let width = window.innerWidth
	window.addEventListener('resize', () => {
		if (window.innerWidth === width) return
		width = window.innerWidth
		for (const c of charts) c.plot?.setSize({ width: c.box.clientWidth, height: 180 })
	})
	window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw)

	// bring loads a script or a style.
	function bring(address) {
		return new Promise((brought, failed) => {
			const style = address.includes('.css')
			const e = document.createElement(style ? 'link' : 'script')
			if (style) e.rel = 'stylesheet'
			e[style ? 'href' : 'src'] = address
			e.onload = brought
			e.onerror = failed
			document.head.append(e)
		})
	}

	// Charts come after the page has been painted: the figures do not wait for them.
	const later = document.currentScript.dataset.later.split(' ')
	requestAnimationFrame(() => setTimeout(() => {
		load()
		Promise.all(later.map(bring)).then(draw)
	}))
})()
