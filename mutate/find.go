package main

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// The kinds of faults.
const (
	kindNegate   = "negated"
	kindIgnore   = "ignored"
	kindBoundary = "boundary"
	kindDrop     = "dropped"
	kindConstant = "constant"
	kindArith    = "arithmetic"
	kindEmpty    = "emptied"
)

// function finds the mutants of one function.
func (f *finder) function(fn *ast.FuncDecl) {
	f.in, f.timers = fn.Name.Name, map[types.Object]bool{}
	if fn.Type.Results == nil && len(fn.Body.List) > 1 {
		first := &ast.ExprStmt{X: &ast.BadExpr{From: fn.Body.List[0].Pos(), To: fn.Body.List[0].Pos()}}
		f.add(first, kindEmpty, "the function does nothing", "if mutantOn(#) { return }; ", "")
	}
	var stack []ast.Node
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if f.uninteresting(n) {
			return false
		}
		var parent ast.Node = fn.Body
		if len(stack) > 0 {
			parent = stack[len(stack)-1]
		}
		goOn := f.node(n, parent)
		if goOn {
			stack = append(stack, n)
		}
		return goOn
	})
}

// node finds the mutants of a node, and reports whether to look into it.
func (f *finder) node(n, parent ast.Node) bool {
	switch n := n.(type) {
	case *ast.ExprStmt, *ast.AssignStmt, *ast.IncDecStmt, *ast.SendStmt, *ast.GoStmt, *ast.DeferStmt:
		f.statement(n.(ast.Stmt), parent)
	case *ast.GenDecl:
		return n.Tok != token.CONST
	case ast.Expr:
		return f.expression(n, parent)
	}
	return true
}

// statement drops one that stands in a list of statements and declares nothing.
func (f *finder) statement(n ast.Stmt, parent ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		f.noteTimer(n)
		if n.Tok == token.DEFINE || blank(n) {
			return
		}
	case *ast.DeferStmt:
		if f.givesBack(n.Call.Fun) {
			return
		}
	}
	switch parent.(type) {
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
	default:
		return
	}
	if c, ok := parent.(*ast.CommClause); ok && c.Comm == n {
		return
	}
	f.add(n, kindDrop, "nothing", "if !mutantOn(#) { ", " }")
}

// noteTimer remembers the function that gives back the timer of a context with a time limit, and timers and tickers themselves. Given back
// in the end they are gone sooner than by their limit or the collector, and nothing else changes.
func (f *finder) noteTimer(a *ast.AssignStmt) {
	call, ok := a.Rhs[0].(*ast.CallExpr)
	if !ok {
		return
	}
	switch types.ExprString(call.Fun) {
	case "context.WithTimeout", "context.WithDeadline", "time.NewTimer", "time.NewTicker":
		if id, ok := a.Lhs[len(a.Lhs)-1].(*ast.Ident); ok {
			f.timers[f.info.ObjectOf(id)] = true
		}
	}
}

// givesBack reports whether a function gives back a timer that was noted.
func (f *finder) givesBack(fn ast.Expr) bool {
	if stop, ok := fn.(*ast.SelectorExpr); ok && stop.Sel.Name == "Stop" {
		fn = stop.X
	}
	id, ok := fn.(*ast.Ident)
	return ok && f.timers[f.info.Uses[id]]
}

func blank(a *ast.AssignStmt) bool {
	return !slices.ContainsFunc(a.Lhs, func(e ast.Expr) bool { id, ok := e.(*ast.Ident); return !ok || id.Name != "_" })
}

// expression finds the mutants of an expression.
func (f *finder) expression(e ast.Expr, parent ast.Node) bool {
	tv, ok := f.info.Types[e]
	switch {
	case !ok || tv.IsType():
		return !tv.IsType()
	case tv.Value != nil:
		f.constant(e, tv, parent)
		return false
	}
	if basic, ok := tv.Type.(*types.Basic); ok && basic.Info()&types.IsBoolean != 0 {
		f.condition(e, parent)
	}
	if b, ok := e.(*ast.BinaryExpr); ok {
		f.binary(b, tv)
	}
	return true
}

// condition negates what decides: a condition, an operand, a case, a result; of operands it also leaves one out.
func (f *finder) condition(e ast.Expr, parent ast.Node) {
	if _, ok := e.(*ast.ParenExpr); ok {
		return
	}
	decides := false
	switch p := parent.(type) {
	case *ast.IfStmt:
		decides = p.Cond == e
	case *ast.ForStmt:
		decides = p.Cond == e
	case *ast.CaseClause, *ast.ReturnStmt:
		decides = true
	case *ast.BinaryExpr:
		decides = p.Op == token.LAND || p.Op == token.LOR
		switch p.Op {
		case token.LAND:
			f.add(e, kindIgnore, "taken to be true", "(mutantOn(#) || (", "))")
		case token.LOR:
			f.add(e, kindIgnore, "taken to be false", "(!mutantOn(#) && (", "))")
		}
	}
	if logic, ok := e.(*ast.BinaryExpr); ok && (logic.Op == token.LAND || logic.Op == token.LOR) {
		// Its operands are negated each.
		return
	}
	if decides {
		f.add(e, kindNegate, "its contrary", "(mutantOn(#) != (", "))")
	}
}

var boundaries = map[token.Token]token.Token{token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR}

// binary moves a boundary by one, and turns plus into minus.
func (f *finder) binary(b *ast.BinaryExpr, tv types.TypeAndValue) {
	text := f.texts[f.file]
	x, y := string(text[f.offset(b.X.Pos()):f.offset(b.X.End())]), string(text[f.offset(b.Y.Pos()):f.offset(b.Y.End())])
	if other, ok := boundaries[b.Op]; ok {
		if strings.Contains(x+y, "func(") || strings.Contains(x+y, "\n") {
			return
		}
		f.add(b, kindBoundary, other.String(), "(mutantOn(#) && ("+x+other.String()+y+") || !mutantOn(#) && (", "))")
		return
	}
	basic, ok := tv.Type.Underlying().(*types.Basic)
	if !ok || basic.Info()&types.IsInteger == 0 {
		return
	}
	name := f.typeName(tv.Type)
	if name == "" {
		return
	}
	switch b.Op {
	case token.ADD, token.SUB:
		// x + y, and then twice y less or more.
		sign := map[token.Token]string{token.ADD: "-", token.SUB: "+"}[b.Op]
		if strings.Contains(y, "\n") {
			return
		}
		f.add(b, kindArith, sign, "(", " "+sign+" "+name+"(2*mutantOne(#))*("+y+"))")
	}
}

// constant changes a whole number that code computes with: by one, or, of a time, to its double.
func (f *finder) constant(e ast.Expr, tv types.TypeAndValue, parent ast.Node) {
	basic, ok := tv.Type.Underlying().(*types.Basic)
	if !ok || basic.Info()&types.IsInteger == 0 || basic.Info()&types.IsUntyped != 0 || basic.Kind() == types.Uint8 {
		return
	}
	switch p := parent.(type) {
	case *ast.ArrayType, *ast.KeyValueExpr:
		if kv, ok := p.(*ast.KeyValueExpr); !ok || kv.Key == e {
			return
		}
	case *ast.CompositeLit:
		return
	case *ast.ReturnStmt:
		if len(p.Results) > 1 {
			return // beside an error it means nothing
		}
	}
	name := f.typeName(tv.Type)
	switch {
	case name == "":
	case name == "time.Duration" && constant.Sign(tv.Value) == 0:
	case name == "time.Duration":
		f.add(e, kindConstant, "twice as much", "(", ")*"+name+"(1+mutantOne(#))")
	case basic.Kind() == types.Int || basic.Kind() == types.Int64:
		f.add(e, kindConstant, "one more", "(", "+"+name+"(mutantOne(#)))")
	}
}

// typeName names a type as the file may, empty where it cannot.
func (f *finder) typeName(t types.Type) string {
	switch t := t.(type) {
	case *types.Basic:
		return t.Name()
	case *types.Named:
		obj := t.Obj()
		if t.TypeArgs() != nil || obj.Parent() != nil && obj.Pkg() != nil && obj.Parent() != obj.Pkg().Scope() {
			return ""
		}
		if obj.Pkg() == f.pkg {
			return obj.Name()
		}
		for _, in := range f.files[f.file].Imports {
			if in.Name == nil && strings.Trim(in.Path.Value, `"`) == obj.Pkg().Path() {
				return obj.Pkg().Name() + "." + obj.Name()
			}
		}
	}
	return ""
}

// uninteresting leaves out what tests need not see: log lines, panics, how much is allocated at once, and the words of errors.
func (f *finder) uninteresting(n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	if s, isStmt := n.(*ast.ExprStmt); isStmt {
		call, ok = s.X.(*ast.CallExpr)
	}
	if !ok {
		return false
	}
	name := types.ExprString(call.Fun)
	if id, ok := call.Fun.(*ast.Ident); ok {
		return id.Name == "panic" || id.Name == "make"
	}
	for _, words := range []string{"fmt.Errorf", "fmt.Sprintf", "errors.New", "slog."} {
		if strings.HasPrefix(name, words) {
			return true
		}
	}
	return strings.Contains(strings.ToLower(name), "log.")
}
