# prove's own report, then what was measured and every skip by name, then one
# line that counts.
package Kpipe::Tally;

use strict;
use warnings;
use TAP::Formatter::Console;
use TAP::Formatter::File;

# as prove itself chooses
our @ISA = (-t STDOUT ? 'TAP::Formatter::Console' : 'TAP::Formatter::File');

my (@skips, @measured);

sub open_test {
	my ($self, $test, $parser) = @_;

	$parser->callback(test => sub {
		my ($t) = @_;
		push @skips, "$test: " . $t->description . ': ' . $t->explanation
		    if $t->has_skip;
	});
	$parser->callback(plan => sub {
		my ($plan) = @_;
		push @skips, "$test: everything: " . $plan->explanation
		    if $plan->has_skip;
	});
	$parser->callback(comment => sub {
		push @measured, $1 if $_[0]->as_string =~ /^# (measured: .*)/;
	});
	return $self->SUPER::open_test($test, $parser);
}

sub summary {
	my ($self, $all, $interrupted) = @_;

	$self->SUPER::summary($all, $interrupted);
	my $skipped = @skips;
	my $whole = grep { /: everything: / } @skips;
	my $passed = $all->passed - ($skipped - $whole);
	# a file that dies or breaks its plan failed, whatever it counted
	my $failed = $all->failed + $all->parse_errors;
	$failed ||= 1 if $all->has_errors;
	print "$_\n" for @measured;
	print "skipped: $_\n" for @skips;
	print "$passed passed, $failed failed, $skipped skipped\n";
}

1;
