package pages

import (
	"strconv"

	"tania/internal/pulse"
)

// columns are the series of the charts, by column; a second that could not be sampled is null.
type columns struct {
	At       []int64    `json:"t"`
	Accepted []*float64 `json:"accepted"`
	Answered []*float64 `json:"answered"`
	Waiting  []*float64 `json:"waiting"`
	Active   []*float64 `json:"active"`
	Delayed  []*float64 `json:"delayed"`
	Webhook  []*float64 `json:"webhook_p99"`
	Median   []*float64 `json:"turn_p50"`
	Slow     []*float64 `json:"turn_p95"`
	Slowest  []*float64 `json:"turn_p99"`
}

// ColumnsOf gives the series of some samples.
func ColumnsOf(samples []pulse.Sample) columns {
	var c columns
	for _, s := range samples {
		c.At = append(c.At, s.At.Unix())
		put := func(column *[]*float64, v float64, known bool) {
			if s.Err != nil || !known {
				*column = append(*column, nil)
				return
			}
			v = rounded(v)
			*column = append(*column, &v)
		}
		put(&c.Accepted, s.Accepted, true)
		put(&c.Answered, s.Answered, true)
		put(&c.Waiting, float64(s.Queue.Waiting), true)
		put(&c.Active, float64(s.Queue.Active), true)
		put(&c.Delayed, float64(s.Queue.Delayed), true)
		put(&c.Webhook, s.Webhook.P99, s.Webhook.Count > 0)
		put(&c.Median, s.Turn.P50, s.Turn.Count > 0)
		put(&c.Slow, s.Turn.P95, s.Turn.Count > 0)
		put(&c.Slowest, s.Turn.P99, s.Turn.Count > 0)
	}
	return c
}

func rounded(v float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64) // what FormatFloat writes can be read
	return r
}
