package retail

import (
	_ "embed" // the tasks
	"encoding/json"
	"fmt"
	"os"
)

// Task is what a customer wants, with the calls that are right for it.
type Task struct {
	ID       string `json:"id"`
	Criteria struct {
		Actions []Action `json:"actions"`
	} `json:"evaluation_criteria"`
}

// Action is a call.
type Action struct {
	Tool      string         `json:"name"`
	Arguments map[string]any `json:"arguments"`
}

//go:embed data/tasks.json
var someTasks []byte

// Tasks reads the tasks of the file that TAU_RETAIL_TASKS names, else the 57 that are here.
func Tasks() ([]Task, error) {
	source := someTasks
	if name := os.Getenv("TAU_RETAIL_TASKS"); name != "" {
		var err error
		if source, err = os.ReadFile(name); err != nil { //nolint:gosec // whoever runs the tests names the file
			return nil, err
		}
	}
	var tasks []Task
	if err := json.Unmarshal(source, &tasks); err != nil {
		return nil, fmt.Errorf("tasks: %w", err)
	}
	if len(tasks) == 0 {
		return nil, fmt.Errorf("tasks: there is none")
	}
	return tasks, nil
}

// Customer is the user whose task it is: who is found, named, or has what the calls are about; "" where no call tells.
func (t Task) Customer() string {
	for _, a := range t.Criteria.Actions {
		shop := Open()
		if id, ok := a.Arguments["user_id"].(string); ok {
			return id
		}
		if id, ok := a.Arguments["order_id"].(string); ok {
			if o, err := shop.order(id); err == nil {
				return o.User
			}
		}
		if a.Finds() {
			if id, err := shop.Call(a.Tool, a.Arguments); err == nil {
				return id.(string)
			}
		}
	}
	return ""
}

// Finds reports whether a call finds out who the customer is.
func (a Action) Finds() bool {
	return a.Tool == "find_user_id_by_email" || a.Tool == "find_user_id_by_name_zip"
}
